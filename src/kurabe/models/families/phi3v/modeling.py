# transformers leaves the signatures of its models' own machinery untyped.
"""Phi-3.5-vision on transformers' own Phi-3: image embeddings in front, rope factors row by row.

Module paths equal the published checkpoint's names, so that weights and adapters load without renaming.
An image token is a negative id: ``-k`` stands for the k-th image of its row.
"""

from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import Phi3ForCausalLM, Phi3Model
from transformers import initialization as init
from transformers.cache_utils import Cache, DynamicCache, StaticCache
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast
from transformers.models.phi3.modeling_phi3 import Phi3PreTrainedModel

from kurabe.common.errors import ModelError
from kurabe.models.families.phi3v.vision import Phi3VVisionTower
from kurabe.models.families.phi3v_core.configuration import LEFT_OUT, Phi3VConfig, correct_ends
from kurabe.models.families.phi3v_core.image_embedding import (
    Phi3VImageEmbedding,
    images_by_row,
    places,
)
from kurabe.models.families.phi3v_core.rope import Phi3VRotaryEmbedding, crossing_rows

_IGNORE_LABEL = -100
_PENALTIES = {"repetition_penalty": 1.0, "encoder_repetition_penalty": 1.0, "no_repeat_ngram_size": 0}


class Phi3VPreTrainedModel(Phi3PreTrainedModel):
    """What the classes of this family have in common."""

    config: Phi3VConfig
    input_modalities = ["image", "text"]  # noqa: RUF012 (transformers declares it so)
    _no_split_modules = ["Phi3DecoderLayer", "CLIPEncoderLayer", "CLIPVisionEmbeddings"]  # noqa: RUF012
    _keys_to_ignore_on_load_unexpected = LEFT_OUT

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, Phi3VImageEmbedding):
            # transformers' own initialisers leave alone what came from a checkpoint.
            for separator in (module.glb_GN, module.sub_GN):
                init.normal_(separator, std=self.config.initializer_range)


class Phi3VModel(Phi3VPreTrainedModel, Phi3Model):
    """Phi-3's decoder with the image embedding beside its token embedding."""

    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__(config)
        self.vision_embed_tokens = Phi3VImageEmbedding(
            config, Phi3VVisionTower(config.clip_config(), config.feature_layer)
        )
        if config.rope_switch is not None:
            self.rotary_emb = Phi3VRotaryEmbedding(config, config.rope_switch)  # type: ignore[assignment]
        self.post_init()

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,
        pixel_values: Tensor | None = None,
        image_sizes: Tensor | None = None,
        use_cache: bool | None = None,
        **kwargs: Any,
    ) -> BaseModelOutputWithPast:
        """Run the decoder over tokens and images.

        Args:
            input_ids: (batch, tokens); ``-k`` marks the places of the row's k-th image.
            attention_mask: (batch, tokens) of 0 and 1, or what transformers makes of it.
            position_ids: (batch, tokens); counted from the mask if absent.
            past_key_values: Cache of the tokens before these.
            inputs_embeds: (batch, tokens, hidden_size) instead of ``input_ids``; then without images.
            pixel_values: (images, crops + 1, 3, side, side), the images of all rows in row order.
            image_sizes: (images, 2), padded height and width in pixels.
            use_cache: Whether to return a cache.
            kwargs: Passed on to transformers.

        Raises:
            ModelError: If images and image tokens do not belong together, the context is exceeded, or a
                cached row would change its rope factors.
        """
        if inputs_embeds is None and input_ids is not None:
            inputs_embeds = self._embed(input_ids, pixel_values, image_sizes)
        if inputs_embeds is not None and inputs_embeds.shape[1] > self.config.max_position_embeddings:
            raise _too_long(inputs_embeds.shape[1], self.config)
        if position_ids is None and attention_mask is not None and attention_mask.ndim == 2:
            width = cast(Tensor, inputs_embeds).shape[1]
            position_ids = (attention_mask.long().cumsum(-1) - 1).clamp(min=0)[:, -width:]
        if past_key_values is not None and inputs_embeds is not None and not torch.compiler.is_compiling():
            self._check_cache(past_key_values, inputs_embeds.shape[1], position_ids)
        outputs = super().forward(
            inputs_embeds=inputs_embeds,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            use_cache=use_cache,
            **kwargs,
        )
        return cast(BaseModelOutputWithPast, outputs)

    def _embed(self, input_ids: Tensor, pixel_values: Tensor | None, image_sizes: Tensor | None) -> Tensor:
        """Embed tokens, and images by their tags."""
        if pixel_values is None and input_ids.shape[1] == 1:
            # A decoding step: a look at the ids would wait for the device.
            return cast(Tensor, self.embed_tokens(input_ids))
        if (pixel_values is None) != (image_sizes is None):
            raise ModelError(
                "pixel_values and image_sizes must be given together, as the processor returns them"
            )
        if pixel_values is None or image_sizes is None:
            if not torch.compiler.is_compiling() and bool((input_ids < 0).any()):
                raise ModelError("the prompt holds image tokens, but pixel_values is missing")
            return cast(Tensor, self.embed_tokens(input_ids))
        crops = self.vision_embed_tokens.crops(image_sizes)
        rows, columns = places(input_ids, crops, self.vision_embed_tokens.grid)
        embeddings: Tensor = self.embed_tokens(input_ids.clamp(min=0))
        features = self.vision_embed_tokens(pixel_values, crops).to(embeddings.device, embeddings.dtype)
        where = rows.to(embeddings.device), columns.to(embeddings.device)
        # Out of place: under gradient checkpointing the embeddings are a leaf that asks for a gradient.
        return embeddings.index_put(where, features)

    def _check_cache(self, past: Cache, width: int, position_ids: Tensor | None) -> None:
        """Refuse to go on with keys that were turned by the short factors once a row needs the long ones."""
        switch, before = self.config.rope_switch, past.get_seq_length()
        # A static cache counts on the device: to ask it at every step would be slow.
        if switch is None or not isinstance(before, int) or before == 0:
            return
        if before + width <= switch or getattr(past, "turned_at", None) == before:
            return
        if position_ids is None:
            crosses = before <= switch
        else:
            crosses = bool(((position_ids[:, 0] <= switch) & (position_ids.amax(-1) >= switch)).any())
        if crosses:
            raise ModelError(
                f"a row grows past {switch} tokens, where its rope factors change, and its cache holds the "
                "short ones; use generate(), or start again without the cache"
            )


class Phi3VForCausalLM(Phi3VPreTrainedModel, Phi3ForCausalLM):
    """Phi-3.5-vision with its language-model head; generates."""

    def __init__(self, config: Phi3VConfig) -> None:
        super(Phi3ForCausalLM, self).__init__(
            config
        )  # Phi3ForCausalLM would build a decoder without images first
        self.model = Phi3VModel(config)
        self.vocab_size = config.vocab_size
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    @classmethod
    def from_pretrained(  # type: ignore[override]
        cls,
        pretrained_model_name_or_path: str | Path | None,
        *args: Any,
        output_loading_info: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Load a checkpoint, and refuse one that does not fill this model exactly.

        Takes what `transformers.PreTrainedModel.from_pretrained` takes; weights are safetensors only.

        Returns:
            The model; with ``output_loading_info`` also transformers' account of the loading.

        Raises:
            ModelError: If tensors are missing or superfluous; they are named.
        """
        kwargs.setdefault("use_safetensors", True)
        model, info = cast(Any, super()).from_pretrained(
            pretrained_model_name_or_path, *args, output_loading_info=True, **kwargs
        )
        kinds = {"missing_keys": "missing", "unexpected_keys": "unexpected", "mismatched_keys": "misshapen"}
        faults = [
            f"{len(info[kind])} {word} ({', '.join(sorted(map(str, info[kind]))[:5])})"
            for kind, word in kinds.items()
            if info.get(kind)
        ]
        if faults:
            # Tensors that have been read already come without a folder, which the configuration knows.
            source = pretrained_model_name_or_path or kwargs["config"].name_or_path
            raise ModelError(
                f"{source}: the checkpoint does not fit phi3_v, tensors are "
                f"{'; '.join(faults)}; fetch it again, or correct its config.json"
            )
        correct_ends(model.generation_config, model.config)
        return (model, info) if output_loading_info else model

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,
        pixel_values: Tensor | None = None,
        image_sizes: Tensor | None = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int | Tensor = 0,
        **kwargs: Any,
    ) -> CausalLMOutputWithPast:
        """Compute logits, and the loss if labels are given.

        Args:
            input_ids: As `Phi3VModel.forward`, like the arguments that are not named here.
            attention_mask: (batch, tokens).
            position_ids: (batch, tokens).
            past_key_values: Cache.
            inputs_embeds: Embeddings instead of ids.
            pixel_values: Crops.
            image_sizes: Padded sizes in pixels.
            labels: (batch, tokens); negative ones, image tokens among them, carry no loss.
            use_cache: Whether to return a cache.
            logits_to_keep: Only the logits of the last so many positions; 0 for all.
            kwargs: Passed on to transformers.

        Returns:
            Logits (batch, positions, vocabulary), cache and loss.
        """
        if labels is not None:
            labels = labels.masked_fill(labels < 0, _IGNORE_LABEL)
        outputs = super().forward(
            input_ids=input_ids,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            inputs_embeds=inputs_embeds,
            labels=labels,
            use_cache=use_cache,
            logits_to_keep=logits_to_keep,
            pixel_values=pixel_values,
            image_sizes=image_sizes,
            **kwargs,
        )
        return cast(CausalLMOutputWithPast, outputs)

    def prepare_inputs_for_generation(  # type: ignore[override]
        self,
        input_ids: Tensor,
        next_sequence_length: int | None = None,
        past_key_values: Cache | None = None,
        attention_mask: Tensor | None = None,
        pixel_values: Tensor | None = None,
        image_sizes: Tensor | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Choose what the next step of `generate` is fed.

        Before the token at which a row first needs the long rope factors, that row's keys and values, images
        included, are computed anew; the other rows' are left as they are.

        Raises:
            ModelError: If the sequence no longer fits into the context.
        """
        if input_ids.shape[1] > self.config.max_position_embeddings:
            raise _too_long(input_ids.shape[1], self.config)
        if past_key_values is not None:
            self._turn_long(past_key_values, input_ids, attention_mask, pixel_values, image_sizes)
        # Phi3ForCausalLM's own rule drops the whole cache, by the width of the batch, padding included.
        inputs: dict[str, Any] = cast(Any, super(Phi3ForCausalLM, self)).prepare_inputs_for_generation(
            input_ids,
            next_sequence_length=next_sequence_length,
            past_key_values=past_key_values,
            attention_mask=attention_mask,
            **kwargs,
        )
        fed = inputs.get("input_ids")
        if (
            pixel_values is not None
            and fed is not None
            and next_sequence_length != 1
            and bool((fed < 0).any())
        ):
            inputs |= {"pixel_values": pixel_values, "image_sizes": image_sizes}
        return inputs

    @torch.no_grad()
    def _turn_long(
        self,
        past: Cache,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        pixel_values: Tensor | None,
        image_sizes: Tensor | None,
    ) -> None:
        """Compute the cache of the rows anew that need the long factors from the next token on."""
        switch = self.config.rope_switch
        mask = attention_mask
        if mask is None or mask.ndim != 2:
            mask = torch.ones_like(input_ids)
        # The width bounds every row's length, and knowing it does not wait for the device.
        if switch is None or mask.shape[1] <= switch or (before := int(past.get_seq_length())) == 0:
            return
        rows = crossing_rows(mask, before, switch)
        if not len(rows):
            return
        if mask.shape != input_ids.shape or not isinstance(past, DynamicCache | StaticCache):
            raise ModelError(
                f"a row grows past {switch} tokens, where its rope factors change; that takes the ids of the "
                "whole conversation and a dynamic or static cache"
            )
        images: dict[str, Tensor] = {}
        if pixel_values is not None and image_sizes is not None:
            numbers = torch.cat([images_by_row(input_ids)[row] for row in rows.tolist()])
            if len(numbers):
                images = {"pixel_values": pixel_values[numbers], "image_sizes": image_sizes[numbers]}
        fresh = DynamicCache(config=self.config)
        self.model(
            input_ids=input_ids[rows],
            attention_mask=mask[rows],
            past_key_values=fresh,
            use_cache=True,
            **images,
        )
        layers: list[Any] = list(past.layers)
        for layer, turned in zip(layers, cast(Any, fresh.layers), strict=True):
            where = rows.to(turned.keys.device)
            layer.keys[where, :, :before] = turned.keys[:, :, :before]
            layer.values[where, :, :before] = turned.values[:, :, :before]
        past.turned_at = before  # type: ignore[union-attr]

    def _expand_inputs_for_generation(  # type: ignore[override]
        self,
        expand_size: int = 1,
        is_encoder_decoder: bool = False,
        input_ids: Tensor | None = None,
        **kwargs: Any,
    ) -> tuple[Tensor | None, dict[str, Any]]:
        """Repeat rows for beams and samples; the images of a row stay together."""
        images = {key: kwargs.pop(key, None) for key in ("pixel_values", "image_sizes")}
        rows = input_ids
        input_ids, kwargs = cast(Any, super())._expand_inputs_for_generation(
            expand_size=expand_size, is_encoder_decoder=is_encoder_decoder, input_ids=input_ids, **kwargs
        )
        if images["pixel_values"] is not None and rows is not None and expand_size > 1:
            order = torch.cat([numbers.repeat(expand_size) for numbers in images_by_row(rows)])
            images = {key: value[order.to(value.device)] for key, value in images.items()}
        return input_ids, kwargs | images

    def _get_logits_processor(self, generation_config: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse penalties that look prompt ids up in the vocabulary, where image tokens are not."""
        prompt = kwargs.get("encoder_input_ids")
        if prompt is not None and bool((prompt < 0).any()):
            for name, neutral in _PENALTIES.items():
                value = getattr(generation_config, name, None)
                if value not in (None, neutral):
                    raise ModelError(
                        f"{name} = {value} cannot be used with images: image tokens are not in the vocabulary"
                    )
        return cast(Any, super())._get_logits_processor(generation_config, *args, **kwargs)


def _too_long(length: int, config: Phi3VConfig) -> ModelError:
    return ModelError(
        f"{length} tokens exceed the model's context of {config.max_position_embeddings}; lower num_crops or "
        "max_new_tokens, or shorten the prompt"
    )
