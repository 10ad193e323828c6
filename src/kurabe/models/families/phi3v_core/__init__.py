"""What Phi-3.5-vision is without transformers' models: configuration, processor, our loops and their modules.

`kurabe.models.families.phi3v` builds on it what transformers itself can load, train and ask. Importing that
takes seconds, which a run that our loops answer does not spend.
"""
