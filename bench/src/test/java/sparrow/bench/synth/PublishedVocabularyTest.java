package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.interleave.Unit;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.glm4voice.VoiceVocabulary;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Small models with the vocabularies of the published models are opened, are asked a question, and answer. */
class PublishedVocabularyTest {
    private static final Path QUESTION = Path.of(System.getProperty("sparrow.testdata"), "lfm3-audio/wav/speech.wav");

    @TempDir
    private Path folder;

    private Path out;

    @Test
    void glm4Voice() throws IOException {
        RandomGlm4Voice.write(
                RandomGlm4VoiceTest.small(VoiceVocabulary.GLM_4_VOICE_9B, 16_384, 168_960),
                3,
                Quantisation.Q4_0,
                1,
                out(),
                ConversionListener.NONE);
        // The last text token, the first and the last code.
        assertAnswers(Unit.tokens(151_328, 152_353, 152_353 + 16_382));
    }

    @Test
    void stepAudio2() throws IOException {
        RandomStepAudio.write(
                RandomStepAudioTest.small(151_643, 6561, 6656, 158_720),
                4,
                Quantisation.Q4_0,
                1,
                out(),
                ConversionListener.NONE);
        assertAnswers(Unit.tokens(151_696, 151_696 + 6560));
    }

    @Test
    void lfm2Audio() throws IOException {
        RandomLfm2.write(RandomLfm2Test.small(65_536), 3, Quantisation.Q8_0, 1, out(), ConversionListener.NONE);
        assertAnswers(Unit.tokens(65_535));
    }

    @Test
    void lfm3Audio() throws IOException {
        RandomLfm3.write(
                RandomLfm3Test.small(4, 125_056, 163), 4, Quantisation.Q8_0, 1, out(), ConversionListener.NONE);
        assertAnswers(Unit.tokens(124_892));
    }

    private Path out() {
        out = folder.resolve("out");
        return out;
    }

    /** @param forced the first units of the reply */
    private void assertAnswers(List<Unit> forced) throws IOException {
        try (ComputePool threads = new ComputePool(2);
                SpokenModel model = SpokenModels.open(
                        out, new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(threads))) {
            Conversation conversation =
                    new Conversation(model, ExitPlan.NONE, model.defaultSampling(), Limits.newTokens(30));

            Answer answer = conversation.ask(new Question.Spoken(WavFile.read(QUESTION)), forced, ReplyListener.NONE);

            assertThat(answer.reply().steps()).hasSizeGreaterThan(forced.size());
            assertThat(answer.speech().samples()).isNotEmpty();
        }
    }
}
