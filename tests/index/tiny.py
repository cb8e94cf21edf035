"""A sentence-transformers model of a few kilobytes, made on the spot with random weights.

What is tested with it depends on no meaning: exports, gates, builds, damage.
"""

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules.transformer import Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"()-#>|*"
_DIMENSION = 32
_READERS = ("query.weight", "key.weight", "value.weight", "intermediate.dense.weight")


def make_model(
    folder: Path,
    *,
    pooling: str = "mean",
    window: int = 256,
    spoiled: bool = False,
    similarity: str = "cosine",
    token_types: bool = True,
) -> Path:
    """Save a model and return its folder.

    In a ``spoiled`` one the first feature is always nought and its weights are huge: in floating
    point they count for nothing, in int8 they leave no digits for the others.
    """
    parts = folder / "parts"
    tokenizer = _tokenizer(window, token_types=token_types)
    torch.manual_seed(7)
    torch.set_num_threads(1)  # so small a model gains nothing by two, and waits for the second
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=_DIMENSION,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=window,
        initializer_range=0.2,
    )
    transformer = BertModel(config)
    if spoiled:
        with torch.no_grad():
            for name, weights in transformer.named_parameters():
                if "LayerNorm" in name:
                    weights[0] = 0
                if name.endswith(_READERS):
                    weights[:, 0] = 1000
    transformer.save_pretrained(parts)
    tokenizer.save_pretrained(parts)
    model = SentenceTransformer(
        modules=[
            Transformer(str(parts), max_seq_length=window),
            Pooling(_DIMENSION, pooling_mode=pooling),
        ],
        similarity_fn_name=similarity,
        device="cpu",
    )
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def _tokenizer(window: int, *, token_types: bool) -> PreTrainedTokenizerFast:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    entries = [*special, *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
    vocabulary = {entry: number for number, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=special[1]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    inputs = ["input_ids", "token_type_ids", "attention_mask"]
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=window,
        model_input_names=inputs if token_types else ["input_ids", "attention_mask"],
        **{f"{name.strip('[]').lower()}_token": name for name in special},
    )
