package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.GoldenRows.concatenated;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.models.frame.GoldenUnits;

/** The random backbones of the golden data against what llama.cpp computed from them. */
class BackboneGoldenTest {
    private static final float LAYERS = 2e-4f;
    private static final float OTHERS = 1e-4f;

    private static final List<String> SETS = Lfm3Golden.SETS;

    @ParameterizedTest
    @FieldSource("SETS")
    void tokensAreThoseOfLlamaCpp(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        for (JsonNode text : golden.json("tokenizer")) {
            assertThat(golden.tokenizer.encode(text.path("text").textValue()))
                    .as(text.path("text").textValue())
                    .containsExactly(GoldenUnits.ints(text.path("ids")));
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void everyLayerOfATextIsThatOfLlamaCpp(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        try (Safetensors expected = golden.tensors("lm")) {
            int[] tokens = expected.tensor("written.tokens").toInts();
            List<float[]> inputs = new ArrayList<>();
            for (int token : tokens) inputs.add(golden.transformer.embed(token));
            assertClose(expected, "written.inputs", concatenated(inputs), 0);
            Sequence sequence = sequence(golden, inputs);

            List<HiddenState> states = assertLayers(golden, expected, "written.", sequence);

            assertClose(expected, "written.h", hidden(golden, states), OTHERS);
            assertClose(expected, "written.logits", logits(golden, states), OTHERS);
            for (int layer = 1; layer <= golden.layers(); layer++) {
                String name = "written.k" + (layer - 1);
                if (!expected.has(name)) continue;
                List<float[]> keys = new ArrayList<>();
                for (int p = 0; p < tokens.length; p++)
                    keys.add(sequence.cache().key(layer, p));
                assertClose(expected, name, concatenated(keys), OTHERS);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void textAfterSoundIsThatOfLlamaCpp(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        try (Safetensors expected = golden.tensors("lm")) {
            Sequence sequence = sequence(golden, inputs(golden, expected, "spoken.inputs"));
            List<HiddenState> states = assertLayers(golden, expected, "spoken.", sequence);
            List<HiddenState> last = List.of(states.getLast());
            assertClose(expected, "spoken.h", hidden(golden, last), OTHERS);
            assertClose(expected, "spoken.logits", logits(golden, last), OTHERS);

            int[] next = expected.tensor("spoken.next_tokens").toInts();
            List<float[]> nextHidden = new ArrayList<>();
            float[] logits = logits(golden, last);
            for (int i = 0; i < next.length; i++) {
                assertThat(Logits.of(logits, null).best(logits.length)).isEqualTo(next[i]);
                if (i == next.length - 1) break;
                sequence.append(new Input.Token(next[i]));
                sequence.runPending();
                last = List.of(sequence.newest());
                nextHidden.add(hidden(golden, last));
                logits = logits(golden, last);
            }
            assertClose(expected, "spoken.next_h", concatenated(nextHidden), OTHERS);
        }
    }

    /** Runs the sequence layer by layer and returns the states after the last one. */
    private static List<HiddenState> assertLayers(
            Lfm3Golden golden, Safetensors expected, String prefix, Sequence sequence) {
        List<HiddenState> states =
                sequence.pendingBelow(1).stream().map(Position::state).toList();
        for (int layer = 1; layer <= golden.layers(); layer++) {
            golden.transformer.forward(sequence.pendingBelow(layer), layer);
            String name = prefix + "layer" + (layer - 1);
            // Of the last layer the file may have only the last row.
            if (!expected.has(name)) continue;
            assertClose(
                    expected,
                    name,
                    concatenated(states.stream().map(HiddenState::read).toList()),
                    LAYERS);
        }
        return states;
    }

    private static List<float[]> inputs(Lfm3Golden golden, Safetensors file, String name) {
        return GoldenUnits.rows(
                file.tensor(name).toFloats(), golden.transformer.config().width());
    }

    private static Sequence sequence(Lfm3Golden golden, List<float[]> inputs) {
        Sequence sequence = new Sequence(golden.transformer);
        for (float[] input : inputs) sequence.append(new Input.Vector(0, input, 0));
        return sequence;
    }

    /** Returns the states after the final norm. */
    private static float[] hidden(Lfm3Golden golden, List<HiddenState> states) {
        return concatenated(golden.transformer
                .newHeadKernel()
                .inputs(ExitHeads.none(golden.transformer).at(golden.layers()).weights(), states));
    }

    private static float[] logits(Lfm3Golden golden, List<HiddenState> states) {
        return concatenated(
                ExitHeads.none(golden.transformer)
                        .at(golden.layers())
                        .logits(golden.transformer.newHeadKernel(), states)
                        .stream()
                        .map(Logits::values)
                        .toList());
    }

    private static void assertClose(Safetensors expected, String name, float[] actual, float tolerance) {
        GoldenRows.assertClose(name, actual, expected.tensor(name).toFloats(), tolerance);
    }
}
