package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.GoldenRows.concatenated;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenBackbone;
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
            GoldenBackbone backbone = new GoldenBackbone(golden.transformer, expected);
            backbone.assertClose("written.inputs", concatenated(inputs), 0);
            Sequence sequence = backbone.sequence(inputs);

            List<HiddenState> states = backbone.assertLayers("written.layer", sequence, LAYERS);

            backbone.assertClose("written.h", backbone.hidden(states), OTHERS);
            backbone.assertClose("written.logits", backbone.logits(states), OTHERS);
            for (int layer = 1; layer <= golden.layers(); layer++) {
                String name = "written.k" + (layer - 1);
                if (!expected.has(name)) continue;
                List<float[]> keys = new ArrayList<>();
                for (int p = 0; p < tokens.length; p++)
                    keys.add(sequence.cache().key(layer, p));
                backbone.assertClose(name, concatenated(keys), OTHERS);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void textAfterSoundIsThatOfLlamaCpp(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        try (Safetensors expected = golden.tensors("lm")) {
            GoldenBackbone backbone = new GoldenBackbone(golden.transformer, expected);
            Sequence sequence = backbone.sequence(backbone.rows("spoken.inputs"));
            // The file contains only the last row after the last layer.
            List<HiddenState> states = backbone.assertLayers("spoken.layer", sequence, LAYERS);
            List<HiddenState> last = List.of(states.getLast());
            backbone.assertClose("spoken.h", backbone.hidden(last), OTHERS);
            backbone.assertClose("spoken.logits", backbone.logits(last), OTHERS);

            int[] next = expected.tensor("spoken.next_tokens").toInts();
            List<float[]> nextHidden = new ArrayList<>();
            float[] logits = backbone.logits(last);
            for (int i = 0; i < next.length; i++) {
                assertThat(Logits.of(logits, null).best(logits.length)).isEqualTo(next[i]);
                if (i == next.length - 1) break;
                sequence.append(new Input.Token(next[i]));
                sequence.runPending();
                last = List.of(sequence.newest());
                nextHidden.add(backbone.hidden(last));
                logits = backbone.logits(last);
            }
            backbone.assertClose("spoken.next_h", concatenated(nextHidden), OTHERS);
        }
    }
}
