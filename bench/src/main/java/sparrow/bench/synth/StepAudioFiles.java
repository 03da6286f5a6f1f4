package sparrow.bench.synth;

/** Configuration files of the published model, for folders of random weights. */
final class StepAudioFiles {
    /** Format string of {@code config.json}, with the number of language model layers as argument. */
    static final String CONFIG = """
            {
              "architectures": ["StepAudio2ForCausalLM"],
              "model_type": "step_audio_2",
              "text_config": {
                "hidden_size": 3584,
                "intermediate_size": 18944,
                "num_attention_heads": 28,
                "num_attention_groups": 4,
                "num_key_value_heads": 4,
                "num_hidden_layers": %d,
                "max_seq_len": 16384,
                "vocab_size": 158720,
                "rms_norm_eps": 1e-06,
                "eos_token_id": 151643,
                "pad_token_id": 151643,
                "rope_theta": 1000000.0,
                "max_position_embeddings": 16384,
                "rope_scaling": null,
                "torch_dtype": "bfloat16"
              },
              "audio_encoder_config": {
                "n_mels": 128,
                "n_audio_ctx": 1500,
                "n_audio_state": 1280,
                "n_audio_head": 20,
                "n_audio_layer": 32,
                "n_codebook_size": 4096,
                "llm_dim": 3584,
                "kernel_size": 3,
                "adapter_stride": 2
              }
            }
            """;

    /** Content of {@code token2wav/flow.yaml}. */
    static final String FLOW = """
            flow: !new:cosyvoice2.flow.flow.CausalMaskedDiffWithXvec
              input_size: 512
              output_size: 80
              spk_embed_dim: 192
              output_type: 'mel'
              vocab_size: 6561
              encoder: !new:cosyvoice2.transformer.upsample_encoder_v2.UpsampleConformerEncoderV2
                input_size: 512
                output_size: 512
                input_layer: 'linear'
                pre_lookahead_len: 3
                num_blocks: 6
                num_up_blocks: 4
                up_stride: 2
                up_scale_factor: 2
                attention_heads: 8
                pos_enc_layer_type: 'rel_pos_espnet'
                selfattention_layer_type: 'rel_selfattn'
                key_bias: true
                linear_units: 2048
                normalize_before: True
              decoder: !new:cosyvoice2.flow.flow_matching.CausalConditionalCFM
                inference_cfg_rate: 0.7
                estimator: !new:cosyvoice2.flow.decoder_dit.DiT
                  in_channels: 320
                  out_channels: 80
                  mlp_ratio: 4.0
                  depth: 16
                  num_heads: 8
                  head_dim: 64
                  hidden_size: 512
            """;

    private StepAudioFiles() {}
}
