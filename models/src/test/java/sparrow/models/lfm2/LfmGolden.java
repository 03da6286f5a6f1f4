package sparrow.models.lfm2;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Sampler;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.models.family.ChatMl;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.PromptWriter;
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.GoldenUnits;
import sparrow.speech.fastconformer.FastConformer;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** One set of the golden data of LFM2-Audio: a tiny checkpoint, and what the official code made with it. */
final class LfmGolden {
    static final Path FOLDER = Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio");

    private static final Map<String, LfmGolden> OPEN = new HashMap<>();

    private final String name;
    final SafetensorsFolder checkpoint;
    final Kernels kernels = Kernels.create(new ComputePool(1));
    final Lfm2Config config;
    final Tokenizer tokenizer;
    final Transformer transformer;
    final Lfm2Tokens tokens;
    final FrameUnits units;
    private final FastConformer hearing;
    private final Map<String, float[]> heard = new HashMap<>();

    private LfmGolden(String name) throws IOException {
        this.name = name;
        Path folder = FOLDER.resolve(name);
        checkpoint = SafetensorsFolder.open(folder);
        config = Lfm2Config.read(folder);
        tokenizer = Tokenizer.openByteLevel(folder);
        transformer = Lfm2Backbone.transformer(config, checkpoint, kernels, kernels::view);
        tokens = Lfm2Tokens.of(tokenizer, transformer.config().vocabulary(), folder);
        hearing = FastConformer.load(AudioEncoderConfigs.read(config.json()), checkpoint, kernels);
        units = Lfm2Family.units(config, checkpoint, transformer, ExitHeads.none(transformer), tokens, kernels::view);
    }

    /** The names of all sets that are there. */
    static List<String> names() {
        try (Stream<Path> folders = Files.list(FOLDER.resolve("expected"))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The choice of one frame by itself. */
    static StepwiseChoice choice(FrameUnits units, float[] front, Sampler sampler, int position) {
        return new StepwiseChoice(
                new DepthSteps((DepthDecoder) units.depth()),
                units.depth().codebooks(),
                List.of(front),
                List.of(new OutputHead.Query(null, Modality.SPEECH, false, sampler, position)));
    }

    /** A set; it stays open for the other tests. */
    static synchronized LfmGolden of(String name) {
        return OPEN.computeIfAbsent(name, key -> {
            try {
                return new LfmGolden(key);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The language model with these units. */
    LanguageModel languageModel(FrameUnits some) {
        return new LanguageModel(transformer, some.heads(), tokens.space(), config.interleave(), token -> 1, some);
    }

    /** The units in another order of text and speech. */
    FrameUnits in(Lfm2Pattern.Order order) {
        return units.in(new Lfm2Pattern(order, tokens, config.interleave()));
    }

    /** The depth decoder. */
    DepthDecoder depth() {
        return (DepthDecoder) units.depth();
    }

    /** Layers of the backbone. */
    int layers() {
        return transformer.config().layers();
    }

    /** Opens a file of expected tensors. */
    Safetensors tensors(String file) {
        return GoldenUnits.tensors(FOLDER, name, file);
    }

    /** Reads a file of expected cases. */
    JsonNode json(String file) {
        return GoldenUnits.json(FOLDER, name, file);
    }

    /** A recording as the model hears it, [positions, width]. */
    float[] heard(String wav) {
        return heard.computeIfAbsent(wav, file -> {
            try {
                return hearing.encode(WavFile.read(FOLDER.resolve("wav/" + file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The prompt of a conversation that is given by its actions. */
    PromptTokens prompt(JsonNode actions) {
        ChatMl prompts = prompts().chat();
        PromptWriter prompt = prompts.begin();
        for (JsonNode action : actions) {
            switch (action.get(0).textValue()) {
                case "turn" -> prompts.turn(prompt, action.get(1).textValue());
                case "text" -> prompt.text(action.get(1).textValue());
                case "audio" -> prompts.sound(prompt, heard(action.get(1).textValue()));
                case "reply" -> reply(prompt, GoldenUnits.events(action.get(1)));
                case "end" -> prompts.end(prompt);
                default -> throw new IllegalArgumentException("action " + action);
            }
        }
        return prompt.finish(0);
    }

    Lfm2Prompts prompts() {
        return Lfm2Prompts.of(tokenizer, tokens, transformer.config().width());
    }

    /** A reply as it was generated, without the end of its turn. */
    void reply(PromptWriter prompt, List<Unit> said) {
        for (Unit unit : said) {
            switch (units.input(unit)) {
                case Input.Token(int id) -> prompt.ids(id);
                case Input.Vector vector -> prompts().chat().sound(prompt, vector.values());
            }
        }
    }

    /** Returns the vectors before layer 1 of a prompt. */
    List<float[]> inputs(PromptTokens prompt) {
        return GoldenUnits.inputs(transformer, prompt);
    }
}
