package sparrow.models.lfm3;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.Safetensors;
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.GoldenUnits;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.GgufTransformer;
import sparrow.models.gguf.TransformerLoader;
import sparrow.speech.lfm.CausalEncoder;
import sparrow.speech.vocode.Detokenizer;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** One set of the golden data of LFM3-Audio: a tiny checkpoint, and what llama.cpp computed with it. */
final class Lfm3Golden {
    static final Path FOLDER = Path.of(System.getProperty("sparrow.testdata"), "lfm3-audio");

    /** The sets. */
    static final List<String> SETS = List.of("a", "b");

    private static final Map<String, Lfm3Golden> OPEN = new HashMap<>();

    final String name;
    final Kernels kernels = Kernels.create(new ComputePool(1));
    final Gguf text;
    final Gguf sound;
    final Tokenizer tokenizer;
    final Transformer transformer;
    final Lfm3Tokens tokens;
    final FrameUnits units;

    private Lfm3Golden(String name) throws IOException {
        this.name = name;
        text = Gguf.open(FOLDER.resolve(name).resolve("text.gguf"));
        sound = Gguf.open(FOLDER.resolve(name).resolve("mmproj.gguf"));
        tokenizer = Tokenizer.of(text);
        transformer = TransformerLoader.load(
                Architecture.LFM3, GgufTransformer.config(text), text, Map.of(), kernels, kernels::view);
        tokens = Lfm3Tokens.of(tokenizer, transformer.config().vocabulary(), text.source());
        units = Lfm3Family.units(new AudioGguf(sound), transformer, ExitHeads.none(transformer), tokens, kernels::view);
    }

    /** Returns the depth decoder. */
    MaskedDepthDecoder depth() {
        return (MaskedDepthDecoder) units.depth();
    }

    /** Returns the language model with other units. */
    LanguageModel languageModel(FrameUnits some) {
        return new LanguageModel(
                transformer, some.heads(), tokens.space(), new InterleaveFormat(6, 12), token -> 1, some);
    }

    /** Returns the order of units for a purpose. */
    Lfm3Pattern pattern(Lfm3Pattern.Use use) {
        return new Lfm3Pattern(use, tokens, new InterleaveFormat(6, 12), units.endCode());
    }

    /** Returns a set, which stays open for the other tests. */
    static synchronized Lfm3Golden of(String name) {
        return OPEN.computeIfAbsent(name, key -> {
            try {
                return new Lfm3Golden(key);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Returns the number of layers of the backbone. */
    int layers() {
        return transformer.config().layers();
    }

    /** Loads the encoder. */
    CausalEncoder encoder() {
        AudioGguf file = new AudioGguf(sound);
        return CausalEncoder.load(file.encoderConfig(), file.encoder(), kernels);
    }

    /** Loads the codec decoder, whose window is not in the file. */
    Detokenizer detokenizer() {
        AudioGguf file = new AudioGguf(sound);
        return Detokenizer.load(file.codecConfig(json("codec").path("window").intValue()), file.codec(), kernels, true);
    }

    /** Opens a file of expected tensors. */
    Safetensors tensors(String file) {
        return GoldenUnits.tensors(FOLDER, name, file);
    }

    /** Reads a file of expected cases. */
    JsonNode json(String file) {
        return GoldenUnits.json(FOLDER, name, file);
    }
}
