package sparrow.bench.synth;

import java.util.List;
import sparrow.speech.encode.AudioEncoderConfig;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.tensor.DType;

/** The tensors of a Step-Audio-2 checkpoint's audio parts, with the names of the official modules. */
final class StepAudioTensors {
    private StepAudioTensors() {}

    /**
     * Returns the tensors of the audio encoder and its adaptor, in bf16 as published.
     *
     * @param adaptorWidth inner width of the adaptor, 2048 in the published model
     */
    static RandomTensors audioEncoder(AudioEncoderConfig config, int adaptorWidth) {
        int width = config.width();
        RandomTensors list = new RandomTensors(DType.BF16);
        list.convolution("encoder.conv1", width, config.melBins(), 3).convolution("encoder.conv2", width, width, 3);
        list.matrix("encoder.positional_embedding.weight", config.maxPositions(), width);
        for (int i = 0; i < config.layers(); i++) {
            String name = "encoder.blocks." + i + ".";
            for (String part : List.of("query", "value", "out")) list.linear(name + "attn." + part, width, width);
            list.linearWithoutBias(name + "attn.key", width, width);
            list.norm(name + "attn_ln", width).norm(name + "mlp_ln", width);
            list.linear(name + "mlp.0", 4 * width, width).linear(name + "mlp.2", width, 4 * width);
        }
        list.norm("encoder.after_norm", width);
        list.convolution("adapter.conv", width, width, AudioEncoderConfig.ADAPTOR_KERNEL);
        list.linear("adapter.linear1", adaptorWidth, width);
        return list.linear("adapter.linear2", config.outputWidth(), adaptorWidth);
    }

    static RandomTensors flow(DitFlowConfig config) {
        DitFlowConfig.Encoder encoder = config.encoder();
        int width = encoder.width();
        RandomTensors list = new RandomTensors(DType.F32);
        list.matrix("input_embedding.weight", config.vocabulary(), width);
        list.linear("spk_embed_affine_layer", config.melBins(), config.speakerWidth());
        for (String embed : List.of("encoder.embed", "encoder.up_embed")) {
            list.linear(embed + ".out.0", width, width).norm(embed + ".out.1", width);
        }
        list.convolution("encoder.pre_lookahead_layer.conv1", width, width, encoder.lookahead() + 1);
        list.convolution("encoder.pre_lookahead_layer.conv2", width, width, 3);
        for (int i = 0; i < encoder.layers(); i++) {
            list.conformerLayer("encoder.encoders." + i, width, encoder.heads(), encoder.feedForward());
        }
        list.convolution("encoder.up_layer.conv", width, width, 2 * encoder.framesPerCode() + 1);
        for (int i = 0; i < encoder.upLayers(); i++) {
            list.conformerLayer("encoder.up_encoders." + i, width, encoder.heads(), encoder.feedForward());
        }
        list.norm("encoder.after_norm", width).linear("encoder_proj", config.melBins(), width);
        estimator(list, config);
        return list;
    }

    private static void estimator(RandomTensors list, DitFlowConfig flow) {
        DitFlowConfig.Estimator config = flow.estimator();
        String estimator = "decoder.estimator.";
        int width = config.width();
        int inner = config.heads() * config.headWidth();
        list.linear(estimator + "t_embedder.mlp.0", width, 256).linear(estimator + "t_embedder.mlp.2", width, width);
        list.linear(estimator + "in_proj", width, 4 * flow.melBins());
        for (int i = 0; i < config.depth(); i++) {
            String name = estimator + "blocks." + i + ".";
            for (String part : List.of("to_q", "to_k", "to_v")) list.linear(name + "attn." + part, inner, width);
            list.norm(name + "attn.q_norm", config.headWidth()).norm(name + "attn.k_norm", config.headWidth());
            list.linear(name + "attn.proj", width, inner);
            list.linear(name + "mlp.fc1", config.feedForward(), width);
            list.linear(name + "mlp.fc2", width, config.feedForward());
            list.convolution(name + "conv.block.1", width, width, 3).norm(name + "conv.block.3", width);
            list.convolution(name + "conv.block.6", width, width, 3);
            list.linear(name + "adaLN_modulation.1", 9 * width, width);
        }
        list.linear(estimator + "final_layer.adaLN_modulation.1", 2 * width, width);
        list.linear(estimator + "final_layer.linear", flow.melBins(), width);
    }
}
