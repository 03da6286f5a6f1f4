package sparrow.bench.synth;

import java.util.List;
import sparrow.speech.encode.WhisperVqConfig;
import sparrow.speech.flow.unet.FlowConfig;
import sparrow.tensor.DType;

/** The tensors of a GLM-4-Voice checkpoint's audio parts, with the names of the official modules. */
final class Glm4VoiceTensors {
    private Glm4VoiceTensors() {}

    /** Returns the tensors of the speech tokenizer, including tensors used only in training. */
    static RandomTensors speechTokenizer(WhisperVqConfig config) {
        int width = config.width();
        RandomTensors list = new RandomTensors(DType.F32);
        list.convolution("conv1", width, config.melBins(), 3).convolution("conv2", width, width, 3);
        list.matrix("embed_positions.weight", config.maxFrames(), width);
        list.matrix("embed_positions2.weight", Math.ceilDiv(config.maxFrames(), config.pooledFrames()), width);
        list.matrix("codebook.weight", config.codes(), width);
        list.vector("ema_count", config.codes(), 1).matrix("ema_weight", config.codes(), width);
        for (int i = 0; i < config.layers(); i++) {
            String name = "layers." + i + ".";
            for (String part : List.of("q_proj", "v_proj", "out_proj"))
                list.linear(name + "self_attn." + part, width, width);
            list.linearWithoutBias(name + "self_attn.k_proj", width, width);
            list.norm(name + "self_attn_layer_norm", width).norm(name + "final_layer_norm", width);
            list.linear(name + "fc1", config.ffnWidth(), width).linear(name + "fc2", width, config.ffnWidth());
        }
        return list;
    }

    static RandomTensors flow(FlowConfig config) {
        FlowConfig.Encoder encoder = config.encoder();
        int width = encoder.width();
        int bins = config.melBins();
        RandomTensors list = new RandomTensors(DType.F32);
        list.matrix("input_embedding.weight", config.vocabulary(), width);
        list.linear("spk_embed_affine_layer", bins, config.speakerWidth());
        list.linear("encoder.embed.out.0", width, width).norm("encoder.embed.out.1", width);
        list.norm("encoder.after_norm", width);
        for (int i = 0; i < encoder.layers(); i++) {
            list.conformerLayer("encoder.encoders." + i, width, encoder.heads(), encoder.feedForward());
        }
        list.linear("encoder_proj", bins, width);
        for (int i = 0; i < config.regulatorLayers(); i++) {
            list.convolution("length_regulator.model." + 3 * i, bins, bins, 3);
            list.norm("length_regulator.model." + (3 * i + 1), bins);
        }
        list.convolution("length_regulator.model." + 3 * config.regulatorLayers(), bins, bins, 1);
        estimator(list, config);
        return list;
    }

    private static void estimator(RandomTensors list, FlowConfig flow) {
        FlowConfig.Estimator config = flow.estimator();
        String estimator = "decoder.estimator.";
        List<Integer> channels = config.channels();
        int outer = channels.getFirst();
        int inputs = 4 * flow.melBins();
        int levels = channels.size();
        list.linear(estimator + "time_mlp.linear_1", 4 * outer, inputs);
        list.linear(estimator + "time_mlp.linear_2", 4 * outer, 4 * outer);
        for (int i = 0; i < levels; i++) {
            int out = channels.get(i);
            stage(list, estimator + "down_blocks." + i, out, i == 0 ? inputs : channels.get(i - 1), config);
            String after = estimator + "down_blocks." + i + (i < levels - 1 ? ".2.conv" : ".2");
            list.convolution(after, out, out, 3);
        }
        for (int i = 0; i < config.middleBlocks(); i++) {
            stage(list, estimator + "mid_blocks." + i, channels.getLast(), channels.getLast(), config);
        }
        for (int i = 0; i < levels; i++) {
            int out = channels.get(Math.max(0, levels - 2 - i));
            stage(list, estimator + "up_blocks." + i, out, 2 * channels.get(levels - 1 - i), config);
            if (i < levels - 1) list.upsampling(estimator + "up_blocks." + i + ".2.conv", out, out, 4, 2);
        }
        list.convolution(estimator + "up_blocks." + (levels - 1) + ".2", outer, outer, 3);
        list.convolution(estimator + "final_block.block.0", outer, outer, 3);
        list.norm(estimator + "final_block.block.1", outer);
        list.convolution(estimator + "final_proj", flow.melBins(), outer, 1);
    }

    private static void stage(RandomTensors list, String name, int out, int in, FlowConfig.Estimator config) {
        list.linear(name + ".0.mlp.1", out, 4 * config.channels().getFirst());
        list.convolution(name + ".0.block1.block.0", out, in, 3).norm(name + ".0.block1.block.1", out);
        list.convolution(name + ".0.block2.block.0", out, out, 3).norm(name + ".0.block2.block.1", out);
        list.convolution(name + ".0.res_conv", out, in, 1);
        int inner = config.heads() * config.headWidth();
        for (int j = 0; j < config.transformers(); j++) {
            String block = name + ".1." + j + ".";
            list.norm(block + "norm1", out);
            for (String part : List.of("to_q", "to_k", "to_v"))
                list.linearWithoutBias(block + "attn1." + part, inner, out);
            list.linear(block + "attn1.to_out.0", out, inner).norm(block + "norm3", out);
            list.linear(block + "ff.net.0.proj", 4 * out, out).linear(block + "ff.net.2", out, 4 * out);
        }
    }
}
