package sparrow.server.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.wave.G711;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

class AudioFormatTest {
    /** GLM-4-Voice's and Step-Audio-2's rates. */
    private static final int[] MODEL_HZ = {22_050, 24_000};

    static Stream<Arguments> encodings() {
        return Stream.of(
                        RealtimeFormat.PCM,
                        RealtimeFormat.PCM_16K,
                        RealtimeFormat.PCMU,
                        RealtimeFormat.PCMA,
                        ChatFormat.PCM16,
                        ChatFormat.WAV)
                .flatMap(format -> IntStream.of(MODEL_HZ)
                        .boxed()
                        .flatMap(hz -> LongStream.range(0, 5).mapToObj(seed -> Arguments.of(format, hz, seed))));
    }

    @ParameterizedTest(name = "{0} from {1} Hz, seed {2}")
    @MethodSource("encodings")
    void aReplyInPiecesHasTheBytesOfTheWhole(AudioFormat format, int rateHz, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] reply = noise(random.nextInt(9_000), random);
        AudioEncoder encoder = format.encoder(rateHz);
        byte[] bytes = {};

        for (int at = 0; at < reply.length; ) {
            int to = Math.min(reply.length, at + random.nextInt(1_500));
            bytes = OggOpusTest.joined(bytes, encoder.accept(Arrays.copyOfRange(reply, at, to)));
            at = to;
        }
        bytes = OggOpusTest.joined(bytes, encoder.finish());
        if (format instanceof ChatFormat file) bytes = OggOpusTest.joined(file.header(rateHz, bytes.length), bytes);

        assertThat(bytes).isEqualTo(whole(format, new Waveform(reply, rateHz)));
        assertThatThrownBy(() -> encoder.accept(new float[1])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(encoder::finish).isInstanceOf(IllegalStateException.class);
    }

    private static byte[] whole(AudioFormat format, Waveform reply) {
        return switch (format) {
            case RealtimeFormat.PCM, ChatFormat.PCM16 ->
                Pcm16.encode(reply.at(24_000).samples());
            case RealtimeFormat.PCM_16K -> Pcm16.encode(reply.at(16_000).samples());
            case RealtimeFormat.PCMU -> G711.MU_LAW.encode(reply.at(8_000).samples());
            case RealtimeFormat.PCMA -> G711.A_LAW.encode(reply.at(8_000).samples());
            case ChatFormat.WAV -> WavFile.bytes(reply, SampleFormat.PCM16);
            case ChatFormat.OPUS -> throw new AssertionError("compared by its packets elsewhere");
        };
    }

    @ParameterizedTest(name = "from {0} Hz")
    @ValueSource(ints = {22_050, 24_000})
    void anOpusReplyIsAsLongAsItsSamples(int rateHz) {
        AudioEncoder encoder = ChatFormat.OPUS.encoder(rateHz);

        byte[] begin = encoder.accept(new float[rateHz]);
        byte[] file = OggOpusTest.joined(begin, encoder.accept(new float[rateHz]), encoder.finish());

        assertThat(PlainOgg.pages(begin))
                .as("two headers and a page of whole frames")
                .hasSize(3);
        Waveform heard = ChatFormat.OPUS.open(file, 10).decode();
        assertThat(heard.seconds()).isEqualTo(2);
        assertThat(heard.sampleRateHz()).isEqualTo(24_000);
    }

    static Stream<Arguments> decodings() {
        return Stream.of(RealtimeFormat.values())
                .flatMap(format -> LongStream.range(0, 10).mapToObj(seed -> Arguments.of(format, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("decodings")
    void aTurnInPiecesIsHeardLikeTheWhole(RealtimeFormat format, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] turn = new byte[2 * random.nextInt(4_000)];
        random.nextBytes(turn);
        AudioDecoder decoder = format.decoder();
        float[] heard = {};

        for (int at = 0; at < turn.length; ) {
            int to = Math.min(turn.length, at + 2 * random.nextInt(500));
            heard = joined(heard, decoder.accept(Arrays.copyOfRange(turn, at, to)));
            at = to;
        }
        heard = joined(heard, decoder.finish());

        float[] samples = switch (format) {
            case PCM, PCM_16K -> Pcm16.decode(turn);
            case PCMU -> G711.MU_LAW.decode(turn);
            case PCMA -> G711.A_LAW.decode(turn);
        };
        assertThat(heard)
                .isEqualTo(new Waveform(samples, format.rateHz()).at(16_000).samples());
    }

    @Test
    void halfASampleIsRefusedAndTheDecoderGoesOn() {
        AudioDecoder decoder = RealtimeFormat.PCM.decoder();

        assertThatThrownBy(() -> decoder.accept(new byte[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pcm16: expected whole samples of 2 bytes, found 5 bytes");
        assertThat(joined(decoder.accept(new byte[6]), decoder.finish())).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"PCM, 4800", "PCM_16K, 3198", "PCMU, 798", "PCMA, 798"})
    void aPieceIsATenthOfASecondInWholeBase64(RealtimeFormat format, int bytes) {
        assertThat(format.pieceBytes()).isEqualTo(bytes);
        assertThat(format.seconds(format.pieceBytes())).isBetween(0.099, 0.1);
        assertThat(format.seconds(bytes)).isEqualTo((double) format.samples(bytes) / format.rateHz());
    }

    @Test
    void formatsAreFoundByTheirNames() {
        for (RealtimeFormat format : RealtimeFormat.values()) {
            RealtimeFormat named = format == RealtimeFormat.PCM_16K ? RealtimeFormat.PCM : format;
            assertThat(RealtimeFormat.named(format.wireName())).isEqualTo(named);
        }
        assertThatThrownBy(() -> RealtimeFormat.named("mp3\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("audio format: expected one of audio/pcm, audio/pcmu, audio/pcma, found mp3?");
        assertThatThrownBy(() -> RealtimeFormat.named("x".repeat(1_000)))
                .hasMessage("audio format: expected one of audio/pcm, audio/pcmu, audio/pcma, found " + "x".repeat(40)
                        + "…");
    }

    @ParameterizedTest
    @EnumSource
    void elevenMinutesOfAQuestionAreRefused(ChatFormat format) {
        byte[] question = switch (format) {
            case WAV -> WavFile.bytes(new Waveform(new float[660 * 8_000], 8_000), SampleFormat.PCM16);
            case PCM16 -> new byte[660 * 48_000];
            case OPUS -> OggOpusTest.file(new byte[] {(byte) (1 << 3 | 3), 6}, 660 * 1_000 / 120);
        };

        assertThatThrownBy(() -> format.open(question, 600))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(format.wireName() + ": ")
                .hasMessageContaining("expected at most 600")
                .hasMessageContaining("of audio, found");
        assertThat(format.open(question, 660).decode().seconds()).isBetween(659.0, 660.0);
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionWithoutSoundIsRefused(ChatFormat format) {
        byte[] nothing = switch (format) {
            case WAV -> WavFile.bytes(new Waveform(new float[0], 8_000), SampleFormat.PCM16);
            case PCM16 -> new byte[0];
            case OPUS -> OggOpusTest.written(new float[0], 1);
        };

        assertThatThrownBy(() -> format.open(nothing, 600))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(format.wireName() + ": ")
                .hasMessageContaining("found none");
    }

    @Test
    void aWavQuestionKeepsItsRate() {
        byte[] question = WavFile.bytes(new Waveform(new float[] {0.5f, -1}, 11_025), SampleFormat.PCM16);

        Waveform heard = ChatFormat.WAV.open(question, 1).decode();

        assertThat(heard.sampleRateHz()).isEqualTo(11_025);
        assertThat(heard.samples()).containsExactly(0.5f, -1);
    }

    @Test
    void onlyAWavFileMustBeWaitedFor() {
        assertThat(Arrays.stream(ChatFormat.values()).filter(format -> !format.streams()))
                .containsExactly(ChatFormat.WAV);
    }

    @ParameterizedTest
    @EnumSource
    void anyBytesAreHeardOrRefused(ChatFormat format) {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            try {
                assertThat(format.open(bytes, 1).decode().samples()).isNotEmpty();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).message().matches("(wav|pcm16|opus|ogg): .+");
            }
        }
    }

    @Test
    void whatIsNoRateIsRefused() {
        for (AudioFormat format : new AudioFormat[] {ChatFormat.WAV, ChatFormat.OPUS, RealtimeFormat.PCMU}) {
            assertThatThrownBy(() -> format.encoder(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static float[] noise(int samples, SplittableRandom random) {
        float[] noise = new float[samples];
        for (int i = 0; i < samples; i++) noise[i] = (float) random.nextDouble(-1.2, 1.2);
        return noise;
    }

    private static float[] joined(float[] a, float[] b) {
        float[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }
}
