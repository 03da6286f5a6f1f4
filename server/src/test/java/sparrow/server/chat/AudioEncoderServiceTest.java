package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.server.Running;
import sparrow.server.audio.ChatFormat;
import sparrow.server.message.RefusedException;
import sparrow.server.reply.AudioEncoderService;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The work of the sound that waits is bounded, and its room given back however the hearing ends. */
class AudioEncoderServiceTest {
    private static ComputePool threads;
    private static SpokenModel model;
    private static byte[] question;
    private static int length;

    @BeforeAll
    static void open() throws IOException {
        threads = ComputePool.ofMachine();
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads));
        question = Files.readAllBytes(Running.example(1));
        length = WavFile.read(Running.example(1)).samples().length;
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    /** Hears recordings as the messages of one request. */
    private static void hear(AudioEncoderService service, byte[]... recordings) {
        List<ChatBody.Message> messages = Arrays.stream(recordings)
                .map(wav -> new ChatBody.Recording("wav", Base64.getEncoder().encodeToString(wav)))
                .map(sound -> new ChatBody.Part("input_audio", null, null, sound))
                .map(part -> new ChatBody.Message("user", List.of(part), null, null, null))
                .toList();
        new MessageReader(model, new KeptReplies(Clock.systemUTC())).read(messages, List.of(), service.listen());
    }

    private static byte[] silence(int samples) {
        return WavFile.bytes(new Waveform(new float[samples], 16_000), SampleFormat.PCM16);
    }

    /** Its header is good, and whoever decodes it finds that its last sample is no number. */
    private static byte[] damaged(int samples) {
        byte[] wav = WavFile.bytes(new Waveform(new float[samples], 16_000), SampleFormat.FLOAT32);
        ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).putFloat(wav.length - 4, Float.NaN);
        return wav;
    }

    @Test
    void soundBeyondTheBoundIsSentAwayAndTheRestIsHeard() {
        AudioEncoderService service = new AudioEncoderService(model, length);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> hear(service, silence(length + 1)))
                .withMessageContaining("expected at most " + length + " samples");
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> hear(service, silence(length)));
        hear(service, question);
    }

    @Test
    void nothingIsDecodedThatIsBeyondTheBound() {
        AudioEncoderService service = new AudioEncoderService(model, length);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> hear(service, damaged(length + 1)))
                .withMessageContaining("expected at most " + length + " samples");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> hear(service, damaged(length)))
                .withMessageStartingWith("messages[0].content[0].input_audio.data: wav: sample ")
                .satisfies(refused -> assertThat(refused.param()).contains("messages[0].content[0].input_audio.data"));
    }

    @Test
    void oneRequestHasNoMoreSoundThanAllMayHaveAtOnce() {
        AudioEncoderService service = new AudioEncoderService(model, length);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> hear(service, question, damaged(1)))
                .withMessage("messages[1].content[0].input_audio.data: expected at most " + length
                        + " samples of new audio in one request, found " + (length + 1));
        hear(service, question, question);
    }

    @Test
    void aRecordingIsHeardOnce() {
        AudioEncoderService service = new AudioEncoderService(model, length);
        hear(service, question);

        AudioEncoderService.Listening again = service.listen();
        Question known = again.hear(ChatFormat.WAV.open(question, 600), "file");

        assertThat(known).isInstanceOf(Question.Codes.class);
        assertThat(again.nanos()).isZero();
    }
}
