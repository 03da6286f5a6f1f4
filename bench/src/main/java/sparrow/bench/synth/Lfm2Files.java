package sparrow.bench.synth;

/** Configuration files of the published model, for folders of random weights. */
final class Lfm2Files {
    /** Format string of {@code config.json}, with the number of language model layers and their types as arguments. */
    static final String CONFIG = """
        {
          "architectures": ["Lfm2AudioForConditionalGeneration"],
          "codebooks": 8,
          "tie_audio_embeddings": false,
          "interleaved_n_text": 6,
          "interleaved_n_audio": 12,
          "preprocessor": {
            "sample_rate": 16000,
            "normalize": "per_feature",
            "window_size": 0.025,
            "window_stride": 0.01,
            "window": "hann",
            "features": 128,
            "n_fft": 512,
            "log": true,
            "frame_splicing": 1,
            "pad_to": 0,
            "pad_value": 0.0
          },
          "encoder": {
            "feat_in": 128,
            "feat_out": -1,
            "n_layers": 17,
            "d_model": 512,
            "subsampling": "dw_striding",
            "subsampling_factor": 8,
            "subsampling_conv_channels": 256,
            "causal_downsampling": false,
            "reduction": null,
            "reduction_factor": 1,
            "ff_expansion_factor": 4,
            "self_attention_model": "rel_pos",
            "n_heads": 8,
            "att_context_size": [-1, -1],
            "xscaling": false,
            "untie_biases": true,
            "conv_kernel_size": 9,
            "conv_norm_type": "batch_norm",
            "conv_context_size": null
          },
          "lfm": {
            "model_type": "lfm2",
            "vocab_size": 65536,
            "hidden_size": 2048,
            "intermediate_size": 8192,
            "num_hidden_layers": %d,
            "num_attention_heads": 32,
            "num_key_value_heads": 8,
            "layer_types": [%s],
            "conv_L_cache": 3,
            "conv_bias": false,
            "norm_eps": 1e-05,
            "rope_theta": 1000000.0,
            "max_position_embeddings": 128000
          },
          "depthformer": {
            "layers": 6,
            "dim": 1024,
            "tie": false
          }
        }
        """;

    /** Content of {@code audio_detokenizer/config.json}. */
    static final String DETOKENIZER = """
        {
          "architectures": ["Lfm25AudioTokenizer"],
          "model_type": "lfm2",
          "hidden_size": 512,
          "intermediate_size": 2304,
          "num_hidden_layers": 8,
          "num_attention_heads": 16,
          "num_key_value_heads": 8,
          "layer_types": [
            "conv", "conv", "sliding_attention", "conv", "sliding_attention", "conv", "sliding_attention", "conv"
          ],
          "conv_L_cache": 3,
          "conv_bias": false,
          "norm_eps": 1e-05,
          "rope_theta": 1000000.0,
          "sliding_window": 30,
          "output_size": 1282
        }
        """;

    private Lfm2Files() {}
}
