package sparrow.models;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.wave.Waveform;

/** A closed model says that it is closed, and closing it again is fine; what nobody said is not heard. */
class ClosedModelTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    private static SpokenModel open(String model, ComputePool pool) throws IOException {
        Kernels kernels = Kernels.create(pool);
        return model.isEmpty()
                ? SpokenModels.bundled(OpenOptions.NONE, kernels)
                : SpokenModels.open(TESTDATA.resolve(model), OpenOptions.NONE, kernels);
    }

    private static Conversation conversation(SpokenModel model) {
        return new Conversation(model, model.defaultPlan(), model.defaultSampling(), Limits.newTokens(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "step-audio-2-mini/ckpt"})
    void isCalledClosed(String folder) throws IOException {
        try (ComputePool pool = new ComputePool(1)) {
            SpokenModel model = open(folder, pool);
            Conversation conversation = conversation(model);
            model.close();

            assertThatNoException().isThrownBy(model::close);
            assertThatThrownBy(() -> conversation.ask(new Question.Typed("hello"), AnswerListener.NONE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(model.name() + ": the model is closed");
            assertThatThrownBy(model::synthesizer).hasMessage(model.name() + ": the model is closed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "step-audio-2-mini/ckpt"})
    void soundThatIsNoneOrTooLongIsRefusedBeforeItIsHeard(String folder) throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = open(folder, pool)) {
            Conversation conversation = conversation(model);
            for (float sample : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1e30f}) {
                float[] samples = new float[16_000];
                samples[100] = 0.5f;
                samples[200] = sample;
                assertThatThrownBy(() -> conversation.ask(spoken(samples, 16_000), AnswerListener.NONE))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("question: expected samples whose full scale is -1 to 1, found a peak of "
                                + Math.abs(sample));
            }
            float[] hours = new float[12_000_000];
            hours[0] = 0.5f;
            assertThatThrownBy(() -> conversation.ask(spoken(hours, 1000), AnswerListener.NONE))
                    .hasMessageContaining("question: 12000 s of sound do not fit the context, expected at most ");
        }
    }

    private static Question spoken(float[] samples, int rateHz) {
        return new Question.Spoken(new Waveform(samples, rateHz));
    }
}
