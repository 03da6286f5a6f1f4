package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.server.Running;
import sparrow.server.http.HttpFailure;
import sparrow.server.reply.RefusedException;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The memory of the sound that waits is bounded, and given back however the hearing ends. */
class AudioEncoderServiceTest {
    @Test
    void soundBeyondTheBoundIsSentAwayAndTheRestIsHeard() throws IOException {
        Waveform question = WavFile.read(Running.example(1));
        int length = question.samples().length;
        try (ComputePool threads = new ComputePool(2);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads))) {
            AudioEncoderService service = new AudioEncoderService(model, length);
            Question.Spoken longer = new Question.Spoken(new Waveform(new float[length + 1], 16_000));
            Question.Spoken silence = new Question.Spoken(new Waveform(new float[length], 16_000));

            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> service.listen().hear(longer, "file"))
                    .satisfies(failure -> assertThat(failure.status()).isEqualTo(429));
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> service.listen().hear(silence, "file"));
            assertThat(service.listen().hear(new Question.Spoken(question), "file"))
                    .isInstanceOf(Question.Codes.class);
        }
    }
}
