package sparrow.bench.synth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.JsonFile;
import sparrow.models.family.Layout;
import sparrow.models.family.ModelCard;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.lfm2.AudioEncoderConfigs;
import sparrow.models.lfm2.DetokenizerConfigs;
import sparrow.models.lfm2.LayerKeys;
import sparrow.models.lfm2.Lfm2Config;
import sparrow.models.lfm2.Lfm2Conversion;
import sparrow.models.lfm2.Lfm2Folder;
import sparrow.models.lfm2.Lfm2Prompts;
import sparrow.models.weights.AtomicFolder;

/**
 * Writes an LFM2.5-Audio folder with random weights, the sizes of the published model, and the layout of a converted
 * model.
 */
final class RandomLfm2 {
    /** Attention layers of the published language model, counted from 0. */
    private static final Set<Integer> ATTENDING = Set.of(2, 5, 8, 10, 12, 14);

    /**
     * Minimum number of layers, which includes the first attention layer, because a model without attention is invalid.
     */
    private static final int MIN_LAYERS = 3;

    /** Number of added tokens, which precede the byte-pair tokens. */
    private static final int ADDED_TOKENS = 131;

    /** Names of special tokens by id. The names of other added tokens are invented. */
    private static final Map<Integer, String> ROLES = Map.of(
            0, "<|pad|>",
            1, "<|startoftext|>",
            2, "<|endoftext|>",
            6, "<|im_start|>",
            7, "<|im_end|>",
            128, "<|audio_start|>",
            130, "<|text_end|>");

    private RandomLfm2() {}

    /**
     * The sizes of the networks in a folder.
     *
     * @param model the language model
     * @param config format string of {@code config.json}, with the number of language model layers and their types as
     *     arguments
     * @param detokenizer {@code audio_detokenizer/config.json}
     * @param depthFfn inner width of the depth decoder's feed-forward modules
     * @param detokenizerFfn inner width of the detokenizer's feed-forward modules
     */
    record Sizes(PublishedModel model, String config, String detokenizer, int depthFfn, int detokenizerFfn) {
        static Sizes published(PublishedModel model) {
            return new Sizes(model, Lfm2Files.CONFIG, Lfm2Files.DETOKENIZER, 2816, 2304);
        }
    }

    /** Writes a folder as described in {@link SynthCommand}, by writing the published layout and converting it. */
    static void write(
            Sizes sizes, int layers, Quantisation quantisation, long seed, Path to, ConversionListener listener)
            throws IOException {
        TransformerConfig model = RandomLanguageModel.sizes(sizes.model(), MIN_LAYERS, layers);
        try (AtomicFolder out = AtomicFolder.begin(to)) {
            // The folder is never completed, so it is deleted when it is closed.
            try (AtomicFolder original = AtomicFolder.begin(out.path().resolve("original"))) {
                original(sizes, model, seed, original, listener);
                Lfm2Conversion.convert(
                        original.path(), Optional.empty(), Quantisations.of(quantisation), out, listener);
            }
            out.finish();
        }
    }

    private static void original(
            Sizes sizes, TransformerConfig model, long seed, AtomicFolder folder, ConversionListener listener)
            throws IOException {
        Path out = folder.path();
        int layers = model.layers();
        Files.writeString(
                out.resolve(Layout.CONFIG), String.format(Locale.ROOT, sizes.config(), layers, kinds(layers)));
        SyntheticFiles.tokenizerJson(
                out,
                new SyntheticBytePairs(
                        model.vocabulary() - ADDED_TOKENS,
                        List.of(Lfm2Prompts.INTERLEAVED, "system\n", "user\n", "assistant\n")),
                addedTokens());
        Lfm2Config config = Lfm2Config.read(out);
        RandomFile.safetensors(
                out.resolve("model.safetensors"),
                Lfm2Tensors.model(model, config, sizes.depthFfn(), AudioEncoderConfigs.read(config.json())),
                seed,
                listener);
        RandomFile.safetensors(
                folder.folder("heads").resolve("frame-heads.safetensors"),
                Lfm2Tensors.frameHeads(model, config, sizes.model().exitLayers(layers)),
                Map.of(ExitHeads.APPLY_FINAL_NORM, "true"),
                seed,
                listener);
        Path detokenizer = folder.folder(Lfm2Folder.DETOKENIZER);
        Path file = Files.writeString(detokenizer.resolve(Layout.CONFIG), sizes.detokenizer());
        RandomFile.safetensors(
                detokenizer.resolve("model.safetensors"),
                Lfm2Tensors.detokenizer(
                        DetokenizerConfigs.read(JsonFile.read(file)), config.codebooks(), sizes.detokenizerFfn()),
                seed,
                listener);
        ModelCard.writeNamed(out, sizes.model().name() + " of random weights");
    }

    static String kinds(int layers) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> ATTENDING.contains(layer) ? LayerKeys.FULL_ATTENTION : LayerKeys.CONVOLUTION)
                .map(type -> '"' + type + '"')
                .collect(Collectors.joining(", "));
    }

    private static Map<Integer, String> addedTokens() {
        Map<Integer, String> tokens = new TreeMap<>(ROLES);
        for (int id = 0; id < ADDED_TOKENS; id++) tokens.putIfAbsent(id, "<|reserved_" + id + "|>");
        return tokens;
    }
}
