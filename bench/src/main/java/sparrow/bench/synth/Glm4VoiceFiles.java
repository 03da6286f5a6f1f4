package sparrow.bench.synth;

/** Configuration files of the published model, for folders of random weights. */
final class Glm4VoiceFiles {
    /** Format string of the language model's {@code config.json}, with the number of layers as argument. */
    static final String LANGUAGE_MODEL = """
            {
              "model_type": "chatglm",
              "num_layers": %1$d,
              "num_hidden_layers": %1$d,
              "hidden_size": 4096,
              "num_attention_heads": 32,
              "kv_channels": 128,
              "multi_query_attention": true,
              "multi_query_group_num": 2,
              "ffn_hidden_size": 13696,
              "padded_vocab_size": 168960,
              "vocab_size": 168960,
              "layernorm_epsilon": 3.90625e-08,
              "rmsnorm": true,
              "post_layer_norm": true,
              "add_qkv_bias": true,
              "add_bias_linear": false,
              "rope_ratio": 1,
              "original_rope": true,
              "apply_residual_connection_post_layernorm": false,
              "fp32_residual_connection": false,
              "eos_token_id": [151329, 151336, 151338],
              "pad_token_id": 151329,
              "seq_length": 8192,
              "tie_word_embeddings": false,
              "torch_dtype": "bfloat16"
            }
            """;

    /** Content of the language model's {@code generation_config.json}. */
    static final String GENERATION = """
            {
              "do_sample": true,
              "temperature": 0.8,
              "top_p": 0.8,
              "eos_token_id": [151329, 151336, 151338],
              "pad_token_id": 151329
            }
            """;

    /** Content of the speech tokenizer's {@code config.json}. */
    static final String SPEECH_TOKENIZER = """
            {
              "architectures": ["WhisperVQEncoder"],
              "model_type": "whisper",
              "d_model": 1280,
              "encoder_attention_heads": 20,
              "encoder_ffn_dim": 5120,
              "encoder_layers": 32,
              "num_mel_bins": 128,
              "max_source_positions": 1500,
              "activation_function": "gelu",
              "quantize_position": 16,
              "pooling_position": 16,
              "pooling_kernel_size": 4,
              "pooling_type": "avg",
              "quantize_vocab_size": 16384,
              "quantize_causal_block_size": 200,
              "quantize_encoder_only": true,
              "encoder_causal_convolution": true,
              "encoder_causal_attention": false,
              "quantize_causal_encoder": false,
              "scale_embedding": false,
              "torch_dtype": "float32"
            }
            """;

    /** Content of the speech tokenizer's {@code preprocessor_config.json}. */
    static final String FEATURES = """
            {
              "feature_extractor_type": "WhisperFeatureExtractor",
              "feature_size": 128,
              "sampling_rate": 16000,
              "hop_length": 160,
              "n_fft": 400,
              "chunk_length": 30,
              "padding_side": "right",
              "padding_value": 0.0
            }
            """;

    /** Content of the speech decoder's {@code config.yaml}. */
    static final String SPEECH_DECODER = """
            sample_rate: 22050
            spk_embed_dim: 192

            flow: !new:cosyvoice.flow.flow.MaskedDiffWithXvec
                input_size: 512
                output_size: 80
                spk_embed_dim: !ref <spk_embed_dim>
                output_type: 'mel'
                vocab_size: 16384
                input_frame_rate: 12.5
                only_mask_loss: True
                encoder: !new:cosyvoice.transformer.encoder.BlockConformerEncoder
                    output_size: 512
                    attention_heads: 8
                    linear_units: 2048
                    num_blocks: 6
                    normalize_before: True
                    input_layer: 'linear'
                    pos_enc_layer_type: 'rel_pos_espnet'
                    selfattention_layer_type: 'block_rel_selfattn'
                    block_size: 10
                    input_size: 512
                    use_cnn_module: False
                    macaron_style: False
                length_regulator: !new:cosyvoice.flow.length_regulator.InterpolateRegulator
                    channels: 80
                    sampling_ratios: [1, 1, 1, 1]
                decoder: !new:cosyvoice.flow.flow_matching.ConditionalCFM
                    in_channels: 240
                    n_spks: 1
                    spk_emb_dim: 80
                    cfm_params: !new:omegaconf.DictConfig
                        content:
                            sigma_min: 1e-06
                            solver: 'euler'
                            t_scheduler: 'cosine'
                            training_cfg_rate: 0.2
                            inference_cfg_rate: 0.7
                            reg_loss_type: 'l1'
                    estimator: !new:cosyvoice.flow.decoder.ConditionalDecoder
                        in_channels: 320
                        out_channels: 80
                        channels: [256, 256]
                        dropout: 0
                        attention_head_dim: 64
                        n_blocks: 4
                        num_mid_blocks: 12
                        num_heads: 8
                        act_fn: 'gelu'

            hift: !new:cosyvoice.hifigan.generator.HiFTGenerator
                in_channels: 80
                base_channels: 512
                nb_harmonics: 8
                sampling_rate: !ref <sample_rate>
                nsf_alpha: 0.1
                nsf_sigma: 0.003
                nsf_voiced_threshold: 10
                upsample_rates: [8, 8]
                upsample_kernel_sizes: [16, 16]
                istft_params:
                    n_fft: 16
                    hop_len: 4
                resblock_kernel_sizes: [3, 7, 11]
                resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
                source_resblock_kernel_sizes: [7, 11]
                source_resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5]]
                lrelu_slope: 0.1
                audio_limit: 0.99
                f0_predictor: !new:cosyvoice.hifigan.f0_predictor.ConvRNNF0Predictor
                    num_class: 1
                    in_channels: 80
                    cond_channels: 512
            """;

    private Glm4VoiceFiles() {}
}
