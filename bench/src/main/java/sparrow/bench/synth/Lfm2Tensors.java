package sparrow.bench.synth;

import java.util.List;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.lfm2.DepthDecoder;
import sparrow.models.lfm2.Lfm2Config;
import sparrow.speech.detokenize.FrameDecoder;
import sparrow.speech.fastconformer.FastConformerConfig;
import sparrow.speech.lfm.LfmConfig;
import sparrow.tensor.DType;

/** The tensors of an LFM2.5-Audio checkpoint, with the names of the official modules, in bf16 as published. */
final class Lfm2Tensors {
    private Lfm2Tensors() {}

    /**
     * Returns the tensors of the language model, audio encoder and depth decoder, without unused tensors.
     *
     * @param depthFfn inner width of the depth decoder's feed-forward modules
     */
    static RandomTensors model(TransformerConfig sizes, Lfm2Config config, int depthFfn, FastConformerConfig encoder) {
        RandomTensors list = new RandomTensors(DType.BF16);
        List<Boolean> layers = config.attends();
        int taps = config.backbone().positive("conv_L_cache");
        int vocabulary = sizes.vocabulary();
        layers(list, layers, taps, vocabulary, sizes.width(), sizes.headWidth(), sizes.kvWidth(), sizes.ffnWidth());
        audioEncoder(list, encoder);
        int codes = DepthDecoder.CODES;
        list.matrix("audio_embedding.embedding.weight", config.codebooks() * codes, sizes.width());
        int width = config.depthWidth();
        list.linear("depth_linear", config.codebooks() * width, sizes.width());
        for (int i = 0; i < config.codebooks(); i++) {
            String name = "depth_embeddings." + i + ".";
            list.matrix(name + "embedding.weight", codes, width).matrix(name + "to_logits.weight", codes, width);
            list.vector(name + "embedding_norm.weight", width, 1);
        }
        int headWidth = width / Lfm2Config.DEPTH_HEADS;
        for (int layer = 0; layer < config.depthLayers(); layer++) {
            String name = "depthformer.layers." + layer + ".";
            int kvWidth = Lfm2Config.DEPTH_KV_HEADS * headWidth;
            list.linearWithoutBias(name + "operator.qkv_proj", width + 2 * kvWidth, width);
            list.linearWithoutBias(name + "operator.out_proj", width, width);
            list.vector(name + "operator.bounded_attention.q_layernorm.weight", headWidth, 1);
            list.vector(name + "operator.bounded_attention.k_layernorm.weight", headWidth, 1);
            feedForward(list, name, width, depthFfn);
        }
        return list;
    }

    /** Returns the tensors of exit heads for frames, after the given layers. */
    static RandomTensors frameHeads(TransformerConfig sizes, Lfm2Config config, List<Integer> layers) {
        RandomTensors list = new RandomTensors(DType.BF16);
        for (int layer : layers) list.linear("frame." + layer, config.codebooks() * config.depthWidth(), sizes.width());
        return list;
    }

    /**
     * Returns the tensors of the detokenizer.
     *
     * @param ffnWidth inner width of its feed-forward modules
     */
    static RandomTensors detokenizer(LfmConfig config, int codebooks, int ffnWidth) {
        RandomTensors list = new RandomTensors(DType.BF16);
        list.matrix("emb.emb.weight", codebooks * (DepthDecoder.CODES - 1), config.width());
        List<Boolean> layers =
                config.layers().stream().map(LfmConfig.Mixing.ATTENTION::equals).toList();
        int headWidth = config.width() / config.heads();
        layers(list, layers, config.taps(), 1, config.width(), headWidth, config.keyHeads() * headWidth, ffnWidth);
        list.linear("lin", FrameDecoder.OUTPUTS, config.width());
        return list.vector("istft.window", FrameDecoder.POINTS, 1);
    }

    private static void layers(
            RandomTensors list,
            List<Boolean> layers,
            int taps,
            int vocabulary,
            int width,
            int headWidth,
            int kvWidth,
            int ffn) {
        list.matrix("lfm.embed_tokens.weight", vocabulary, width);
        for (int layer = 0; layer < layers.size(); layer++) {
            String name = "lfm.layers." + layer + ".";
            if (layers.get(layer)) {
                list.linearWithoutBias(name + "self_attn.q_proj", width, width);
                list.linearWithoutBias(name + "self_attn.k_proj", kvWidth, width);
                list.linearWithoutBias(name + "self_attn.v_proj", kvWidth, width);
                list.linearWithoutBias(name + "self_attn.out_proj", width, width);
                list.vector(name + "self_attn.q_layernorm.weight", headWidth, 1);
                list.vector(name + "self_attn.k_layernorm.weight", headWidth, 1);
            } else {
                list.linearWithoutBias(name + "conv.in_proj", 3 * width, width);
                list.matrix(name + "conv.conv.weight", width, 1, taps);
                list.linearWithoutBias(name + "conv.out_proj", width, width);
            }
            feedForward(list, name, width, ffn);
        }
        list.vector("lfm.embedding_norm.weight", width, 1);
    }

    private static void feedForward(RandomTensors list, String name, int width, int ffn) {
        list.vector(name + "operator_norm.weight", width, 1).vector(name + "ffn_norm.weight", width, 1);
        list.linearWithoutBias(name + "feed_forward.w1", ffn, width);
        list.linearWithoutBias(name + "feed_forward.w3", ffn, width);
        list.linearWithoutBias(name + "feed_forward.w2", width, ffn);
    }

    private static void audioEncoder(RandomTensors list, FastConformerConfig config) {
        int width = config.width();
        int channels = config.channels();
        String front = "conformer.pre_encode.";
        for (int conv : new int[] {0, 2, 5}) {
            list.matrix(front + "conv." + conv + ".weight", channels, 1, 3, 3);
            list.vector(front + "conv." + conv + ".bias", channels, 0);
        }
        for (int conv : new int[] {3, 6}) {
            list.matrix(front + "conv." + conv + ".weight", channels, channels, 1, 1);
            list.vector(front + "conv." + conv + ".bias", channels, 0);
        }
        list.linear(front + "out", width, channels * config.melBins() / 8);
        for (int layer = 0; layer < config.layers(); layer++)
            conformer(list, "conformer.layers." + layer + ".", config);
        list.norm("audio_adapter.model.0", width);
        list.linear("audio_adapter.model.1", config.outputWidth(), width);
        list.linear("audio_adapter.model.3", config.outputWidth(), config.outputWidth());
    }

    private static void conformer(RandomTensors list, String name, FastConformerConfig config) {
        int width = config.width();
        for (String norm : List.of("feed_forward1", "self_att", "conv", "feed_forward2", "out")) {
            list.norm(name + "norm_" + norm, width);
        }
        for (String module : List.of("feed_forward1", "feed_forward2")) {
            list.linear(name + module + ".linear1", config.feedForward(), width);
            list.linear(name + module + ".linear2", width, config.feedForward());
        }
        for (String part : List.of("q", "k", "v", "out")) list.linear(name + "self_attn.linear_" + part, width, width);
        list.linearWithoutBias(name + "self_attn.linear_pos", width, width);
        list.matrix(name + "self_attn.pos_bias_u", config.heads(), width / config.heads());
        list.matrix(name + "self_attn.pos_bias_v", config.heads(), width / config.heads());
        list.convolution(name + "conv.pointwise_conv1", 2 * width, width, 1);
        list.convolution(name + "conv.depthwise_conv", width, 1, config.kernel());
        list.norm(name + "conv.batch_norm", width);
        list.vector(name + "conv.batch_norm.running_mean", width, 0);
        list.vector(name + "conv.batch_norm.running_var", width, 1);
        list.convolution(name + "conv.pointwise_conv2", width, width, 1);
    }
}
