package sparrow.app.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.console.Waiting;
import sparrow.app.options.ModelOptions;
import sparrow.app.options.Numbers;
import sparrow.app.options.OutputPath;
import sparrow.app.options.QuestionFile;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Sequence;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.head.ExitHead;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.models.Question;
import sparrow.tensor.Tensor;

/**
 * The command {@code sparrow forward}, which writes all hidden states of a prefill for comparison with other
 * implementations.
 */
@Command(
        name = "forward",
        description = "Write the hidden states of all layers and the logits to a safetensors file.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow forward glm-4-voice/ --ids 151331,151333,198 --out states.safetensors",
            "  sparrow forward --ids \"514 516 518\" --out states.safetensors  # bundled model",
            "  sparrow forward LFM2.5-Audio-1.5B/ --wav q.wav --out states.safetensors"
        })
public final class ForwardCommand implements Callable<Integer> {
    private static final int UNITS = 60;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description = "Checkpoint folder, or a language model's GGUF file. Default: the bundled model.")
    private Path folder;

    @ArgGroup(multiplicity = "1")
    private Source input;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Safetensors file to write; all tensors are f32.")
    private Path out;

    @Option(
            names = "--units",
            converter = Numbers.From1.class,
            paramLabel = "N",
            description = "With --wav: number of units in the reply. Default: 60.")
    private Integer units;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions();

    @Spec
    private CommandSpec spec;

    static final class Source {
        @Option(names = "--ids", paramLabel = "LIST", description = "Token ids, separated by spaces or commas.")
        private String ids;

        @Option(
                names = "--inputs",
                paramLabel = "FILE",
                description = "Safetensors file with the tensor input_ids [T] or embeds [T, width].")
        private Path file;

        @Option(
                names = "--wav",
                paramLabel = "WAV",
                description = "Spoken question. The output then also contains mel, heard (codes or embeddings), prompt "
                        + "(ids), greedy (first units of the reply; a frame is a row of codes) and, for a model "
                        + "without a flow, samples.")
        private Path wav;
    }

    @Override
    public Integer call() throws IOException {
        OutputPath.expectFile("--out", out, spec);
        if (units != null && input.wav == null) throw new IllegalArgumentException("--units: expected with --wav");
        if (input.wav != null) {
            question();
            return 0;
        }
        try (ModelOptions.Layers opened = modelOptions.openLayers(Optional.ofNullable(folder))) {
            List<float[]> embeddings = embeddings(opened.transformer());
            write(
                    out,
                    run(opened, embeddings),
                    DeviceStack.deviceOf(opened.transformer().stack()));
        }
        return 0;
    }

    private void question() throws IOException {
        Question.Spoken question = QuestionFile.read(input.wav);
        try (ModelOptions.Opened opened =
                modelOptions.open(Optional.ofNullable(folder).or(modelOptions::folder))) {
            QuestionStages stages = new QuestionStages(opened.model(), question);
            LanguageModel lm = opened.model().languageModel();
            Map<String, float[][]> states = new LinkedHashMap<>(stages.heard());
            states.putAll(run(new ModelOptions.Layers(lm.transformer(), lm.heads(), () -> {}), stages.inputs()));
            states.putAll(stages.reply(units == null ? UNITS : units));
            write(out, states, DeviceStack.deviceOf(lm.transformer().stack()));
        }
    }

    private List<float[]> embeddings(Transformer transformer) throws IOException {
        if (input.ids != null) return embedded(transformer, Numbers.ids("token id", input.ids));
        try (Checkpoint inputs = Safetensors.open(input.file)) {
            if (inputs.has("input_ids")) {
                Tensor ids = inputs.tensor("input_ids");
                if (ids.dtype().isFloating()) {
                    throw new BadFileException(
                            input.file, "tensor input_ids", "expected integers, found " + ids.dtype());
                }
                return embedded(transformer, ids.toInts());
            }
            if (!inputs.has("embeds")) {
                throw new BadFileException(input.file, "expected a tensor input_ids [T] or embeds [T, width]");
            }
            int width = transformer.config().width();
            Tensor embeds = inputs.tensor("embeds", -1, width);
            float[] all = embeds.toFloats();
            List<float[]> rows = new ArrayList<>();
            for (int at = 0; at < all.length; at += width) {
                rows.add(Arrays.copyOfRange(all, at, at + width));
            }
            return rows;
        }
    }

    private static List<float[]> embedded(Transformer transformer, int[] ids) {
        List<float[]> rows = new ArrayList<>();
        for (int id : ids) rows.add(transformer.embed(id));
        return rows;
    }

    private static Map<String, float[][]> run(ModelOptions.Layers model, List<float[]> embeddings) {
        if (embeddings.isEmpty()) throw new IllegalArgumentException("input: expected one position or more");
        Transformer transformer = model.transformer();
        int max = transformer.config().contextLength();
        if (embeddings.size() > max) {
            throw new IllegalArgumentException(
                    "input: expected at most " + max + " positions, the model's context, got " + embeddings.size());
        }
        int layers = transformer.config().layers();
        Sequence sequence = new Sequence(transformer);
        for (float[] embedding : embeddings) sequence.append(new Input.Vector(0, embedding, 0));
        List<HiddenState> hidden =
                sequence.pendingBelow(layers).stream().map(Position::state).toList();
        Map<String, float[][]> states = new LinkedHashMap<>();
        states.put("hidden.embedding", read(hidden));
        try (Waiting waiting = Waiting.begin("layers", layers)) {
            for (int layer = 1; layer <= layers; layer++) {
                transformer.forward(sequence.pendingBelow(layer), layer);
                states.put("hidden.layer_" + (layer - 1), read(hidden));
                waiting.step();
            }
        }
        ExitHead head = model.heads().full();
        HeadKernel headKernel = transformer.newHeadKernel();
        states.put("final_norm", headKernel.inputs(head.weights(), hidden).toArray(float[][]::new));
        states.put(
                "logits",
                head.logits(headKernel, hidden).stream().map(Logits::values).toArray(float[][]::new));
        return states;
    }

    private static float[][] read(List<HiddenState> states) {
        return states.stream().map(HiddenState::read).toArray(float[][]::new);
    }

    /**
     * Writes named f32 tensors with the shape [positions, width].
     *
     * @param device the device that computed the tensors, which is named in the file's metadata, or empty for the CPU
     */
    private static void write(Path file, Map<String, float[][]> states, Optional<DeviceInfo> device)
            throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        states.forEach((name, rows) -> {
            int width = rows[0].length;
            float[] all = new float[Math.multiplyExact(rows.length, width)];
            for (int r = 0; r < rows.length; r++) System.arraycopy(rows[r], 0, all, r * width, width);
            tensors.put(name, Tensor.of(all, rows.length, width));
        });
        SafetensorsWriter.write(
                file,
                tensors,
                device.map(facts -> Map.of("device", facts.label())).orElse(Map.of()));
    }
}
