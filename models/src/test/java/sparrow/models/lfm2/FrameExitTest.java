package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.ExitHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.models.FrameExitProperties;
import sparrow.models.GoldenRows;
import sparrow.models.family.ChatMl;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.PromptWriter;
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.FrontHead;
import sparrow.models.frame.RandomFrameHeads;
import sparrow.tensor.Tensor;

/** Early exit of LFM2, and files of its heads. */
class FrameExitTest extends FrameExitProperties {
    @TempDir
    private Path folder;

    FrameExitTest() {
        super(LfmGolden.names(), Sampling.GREEDY);
    }

    @Override
    protected Golden golden(String set) {
        LfmGolden golden = LfmGolden.of(set);
        return new Golden(golden.units, golden::languageModel, prompt(golden));
    }

    private static PromptTokens prompt(LfmGolden golden) {
        JsonNode chat = golden.json("generate").path("interleaved").path("chat");
        return golden.prompt(chat.path("actions"));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void framesOfAnExitAreTheOfficialOnes(String set) throws IOException {
        LfmGolden golden = LfmGolden.of(set);
        try (Safetensors expected = golden.tensors("exits");
                Safetensors decode = golden.tensors("lm_decode")) {
            int layer = expected.tensor("layer").toInts()[0];
            int width = golden.transformer.config().width();
            List<float[]> states =
                    GoldenRows.rows(decode.tensor("interleaved.layer" + layer).toFloats(), width);
            int[] steps = expected.tensor("speech_steps").toInts();
            for (String kind : List.of("identity", "norm")) {
                FrontHead front = written(golden, layer, expected, kind.equals("norm"));
                int[] codes = expected.tensor("frames_" + kind).toInts();
                int codebooks = codes.length / steps.length;
                for (int i = 0; i < steps.length; i++) {
                    float[] input = front.inputs(
                                    golden.transformer.newHeadKernel(),
                                    List.of(golden.transformer.state(
                                            states.get(steps[i]).clone())))
                            .getFirst();
                    // The official decoder goes on behind an end code.
                    assertThat(allCodes(golden, input))
                            .as("%s, step %d", kind, steps[i])
                            .containsExactly(IntStream.range(i * codebooks, (i + 1) * codebooks)
                                    .map(at -> codes[at])
                                    .toArray());
                }
            }
            List<HiddenState> text = IntStream.of(expected.tensor("text_steps").toInts())
                    .mapToObj(step -> golden.transformer.state(states.get(step).clone()))
                    .toList();
            List<Logits> logits =
                    ExitHead.ofOutput(layer + 1, golden.transformer).logits(golden.transformer.newHeadKernel(), text);
            GoldenRows.assertClose(
                    "text_logits",
                    GoldenRows.concatenated(logits.stream().map(Logits::values).toList()),
                    expected.tensor("text_logits").toFloats(),
                    2e-4f);
        }
    }

    /** A head as a file of heads holds it. */
    private FrontHead written(LfmGolden golden, int layer, Safetensors expected, boolean normed) throws IOException {
        Path file = folder.resolve(normed + ".safetensors");
        SafetensorsWriter.write(
                file,
                Map.of(
                        "frame." + layer + ".weight", expected.tensor("weight"),
                        "frame." + layer + ".bias", expected.tensor("bias")),
                Map.of(
                        ExitHeads.APPLY_FINAL_NORM,
                        Boolean.toString(normed),
                        ExitHeads.MODEL_FINGERPRINT,
                        ModelFingerprint.of(golden.transformer).toString()));
        SortedMap<Integer, FrontHead> heads =
                FrontHead.read(Safetensors.open(file), golden.transformer, rows(golden), golden.kernels::view);
        assertThat(heads).containsOnlyKeys(layer);
        return heads.get(layer);
    }

    @ParameterizedTest
    @CsvSource({
        "frame.0.weight, tensor frame.0.weight",
        "frame.99.bias, tensor frame.99.bias",
        "head.1.weight, tensor head.1.weight"
    })
    void aFileOfOtherHeadsIsRefused(String tensor, String where) throws IOException {
        LfmGolden golden = LfmGolden.of("a");
        Path file = folder.resolve("other.safetensors");
        SafetensorsWriter.write(
                file, Map.of(tensor, Tensor.of(new float[4], 4)), Map.of(ExitHeads.APPLY_FINAL_NORM, "true"));

        try (Safetensors other = Safetensors.open(file)) {
            assertThatThrownBy(() -> FrontHead.read(other, golden.transformer, rows(golden), golden.kernels::view))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(file + ": " + where + ": expected frame.LAYER.weight or .bias");
        }
    }

    /** Outputs of a front head. */
    private static int rows(LfmGolden golden) {
        return golden.depth().codebooks() * golden.depth().width();
    }

    private static int[] allCodes(LfmGolden golden, float[] input) {
        DepthSteps steps = new DepthSteps(golden.depth());
        steps.begin(List.of(input));
        int[] codes = new int[golden.depth().codebooks()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = steps.next().getFirst().best(DepthDecoder.CODES);
            steps.accept(List.of(codes[i]));
        }
        return codes;
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("sets")
    void aConversationThatWasCutGoesOnAsIfTheRestHadNeverBeen(String set) {
        SplittableRandom random = new SplittableRandom(11);
        LfmGolden golden = LfmGolden.of(set);
        FrameUnits units = RandomFrameHeads.addedTo(golden.units, random);
        LanguageModel model = golden.languageModel(units);
        PromptTokens prompt = prompt(golden);
        ExitPlan plan = RandomFrameHeads.plan(random, golden.layers());
        Sequence sequence = new Sequence(model);
        List<Unit> said = new Decoder(model, config(plan))
                .reply(Request.of(sequence, prompt.ids(), prompt.embeddings(), 0))
                .units();

        for (int cut = 30; cut > 0; cut -= 7) {
            sequence.truncate(prompt.ids().length + cut);
            List<Unit> more = new Decoder(model, config(plan))
                    .reply(Request.of(sequence, golden.tokenizer.encode("<|im_end|>\n<|im_start|>assistant\n")))
                    .units();

            PromptWriter chat = new PromptWriter(golden.tokenizer);
            golden.reply(chat, said.subList(0, cut));
            Sequence fresh = new Sequence(model);
            ChatMl prompts = golden.prompts().chat();
            PromptTokens kept = prompts.turn(prompts.end(chat), "assistant").finish(0);
            for (float[] input : golden.inputs(prompt)) fresh.append(new Input.Vector(0, input, 0));
            List<Unit> expected = new Decoder(model, config(plan))
                    .reply(Request.of(fresh, kept.ids(), kept.embeddings(), 0))
                    .units();
            assertThat(more).as("cut at %d", cut).isEqualTo(expected);
        }
    }
}
