package sparrow.server.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sparrow.server.audio.Sound;
import sparrow.server.message.HeapShare;
import sparrow.server.message.RefusedException;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;

class RecognizerQueueTest {
    private static final Sound SOUND = Sound.of(new float[160], 16_000);

    private final CountDownLatch gate = new CountDownLatch(1);
    private int listened;
    private boolean closed;
    private final RecognizerQueue queue = new RecognizerQueue(new SpeechRecognizer() {
        @Override
        public String transcribe(Waveform speech) throws IOException {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException("no recogniser is interrupted but at the end", e);
            }
            if (speech.sampleRateHz() == 8000) throw new IOException("too low");
            return "word " + ++listened;
        }

        @Override
        public void close() {
            closed = true;
        }
    });

    @AfterEach
    void close() {
        queue.close();
        assertThat(closed).isTrue();
    }

    private CompletableFuture<String> transcribe(Sound sound) {
        return queue.transcribe(sound.length(), () -> sound);
    }

    /** As many samples as all recordings may have together. */
    private static final int ALL = (int) (HeapShare.RECORDINGS.limit() / Short.BYTES);

    @Test
    void recordingsAreWrittenDownInTurnButForThoseThatAreNotWantedAnyMore() {
        List<CompletableFuture<String>> words = new ArrayList<>();
        for (int i = 0; i < 3; i++) words.add(transcribe(SOUND));
        words.get(1).cancel(false);
        words.add(transcribe(Sound.of(new float[80], 8000)));

        gate.countDown();

        assertThat(words.getFirst().join()).isEqualTo("word 1");
        assertThat(words.get(2).join()).isEqualTo("word 2");
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(words.getLast()::join)
                .withRootCauseExactlyInstanceOf(IOException.class);
    }

    @Test
    void aRecordingThatIsNotWantedAnyMoreGivesItsPlaceToAnother() {
        List<CompletableFuture<String>> words = new ArrayList<>();
        for (int i = 0; i < 65; i++) words.add(transcribe(SOUND));
        words.get(7).cancel(false);

        words.add(transcribe(SOUND));
        gate.countDown();

        assertThat(words.getLast().join()).isEqualTo("word 65");
    }

    @Test
    void aDamagedRecordingLeavesItsRoom() {
        for (int i = 0; i < 2; i++) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> queue.transcribe(ALL / 4 * 3, () -> {
                        throw new IllegalArgumentException("damaged");
                    }))
                    .withMessage("damaged");
        }
    }

    @Test
    void thoseThatWaitAtTheEndAndThoseThatComeLaterAreTold() {
        transcribe(SOUND);
        CompletableFuture<String> waiting = transcribe(SOUND);

        queue.close();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(waiting::join)
                .havingCause()
                .withMessage("the server is closing");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> transcribe(SOUND))
                .withMessage("the server is closing");
    }

    @Test
    void manyRecordingsAreRefusedUntilTheyAreWrittenDown() {
        List<CompletableFuture<String>> words = new ArrayList<>();
        for (int i = 0; i < 65; i++) words.add(transcribe(SOUND));

        assertRefused(160);

        gate.countDown();
        assertThat(words.getLast().join()).isEqualTo("word 65");
        assertThat(transcribe(SOUND).join()).isEqualTo("word 66");
    }

    @Test
    void muchSoundIsRefusedWhileAnotherRecordingIsHeld() {
        transcribe(SOUND);

        assertRefused(ALL);
    }

    private void assertRefused(int samples) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> queue.transcribe(samples, () -> {
                    throw new AssertionError("it is made in vain");
                }))
                .withMessage("busy: too many recordings are waiting to be transcribed; try again later");
    }
}
