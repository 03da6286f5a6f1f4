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
import sparrow.models.config.JsonConfig;
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

/** Writes an LFM2.5-Audio folder of random weights as large as the published one, in its layout. */
final class RandomLfm2 {
    /** Layers of the published language model that attend. */
    private static final Set<Integer> ATTENDING = Set.of(2, 5, 8, 10, 12, 14);

    /** Up to the first that attends: a model of convolutions alone is none of this family. */
    private static final int LEAST_LAYERS = 3;

    /** Ids in front of the byte-pair tokens. */
    private static final int ADDED_TOKENS = 131;

    /** Names of added tokens with a role, by their ids; the others are made up. */
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
     * The sizes of a folder.
     *
     * @param model its language model
     * @param config {@code config.json}, with the number and the kinds of the language model's layers left open
     * @param detokenizer {@code audio_detokenizer/config.json}
     * @param depthFfn inner width of the depth decoder's feed-forward modules
     * @param detokenizerFfn inner width of the detokenizer's
     */
    record Sizes(PublishedModel model, String config, String detokenizer, int depthFfn, int detokenizerFfn) {
        static Sizes published(PublishedModel model) {
            return new Sizes(model, Lfm2Files.CONFIG, Lfm2Files.DETOKENIZER, 2816, 2304);
        }
    }

    /** As {@link SynthCommand} describes: the published layout for a while, then converted. */
    static void write(
            Sizes sizes, int layers, Quantisation quantisation, long seed, Path to, ConversionListener listener)
            throws IOException {
        int most = sizes.model().config().layers();
        if (layers < LEAST_LAYERS || layers > most) {
            throw new IllegalArgumentException("layers: expected " + LEAST_LAYERS + " to the " + most + " of "
                    + sizes.model().name() + ", got " + layers);
        }
        try (AtomicFolder out = AtomicFolder.begin(to)) {
            // Never finished: it goes when it is closed.
            try (AtomicFolder original = AtomicFolder.begin(out.path().resolve("original"))) {
                original(sizes, layers, seed, original, listener);
                Lfm2Conversion.convert(
                        original.path(), Optional.empty(), Quantisations.of(quantisation), out, listener);
            }
            out.finish();
        }
    }

    private static void original(Sizes sizes, int layers, long seed, AtomicFolder folder, ConversionListener listener)
            throws IOException {
        Path out = folder.path();
        TransformerConfig model = sizes.model().config().withLayers(layers);
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
                        DetokenizerConfigs.read(JsonConfig.read(file)), config.codebooks(), sizes.detokenizerFfn()),
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
