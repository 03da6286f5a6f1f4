/** Weight files and tokenizers: safetensors, GGUF, PyTorch archives, JSON. */
module sparrow.formats {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive sparrow.tensor;

    exports sparrow.formats;
    exports sparrow.formats.weights;
    exports sparrow.formats.text;
}
