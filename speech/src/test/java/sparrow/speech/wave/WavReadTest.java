package sparrow.speech.wave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static sparrow.speech.wave.WavBytes.le;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;

class WavReadTest {
    @TempDir
    private Path folder;

    private Waveform read(byte[] bytes) throws IOException {
        return WavFile.read(Files.write(folder.resolve("q.wav"), bytes));
    }

    @Test
    void folderIsCalledOne() {
        assertThatThrownBy(() -> WavFile.read(folder)).hasMessage(folder + ": is a folder, expected a WAV file");
    }

    static Stream<Arguments> formats() {
        long half = Double.doubleToLongBits(0.5);
        long minusTwo = Double.doubleToLongBits(-2);
        return Stream.of(
                arguments(1, 8, le(1, 0, 128, 192, 255), new float[] {-1, 0, 0.5f, 127 / 128f}),
                arguments(1, 16, le(2, -32768, 0, 16384, -1), new float[] {-1, 0, 0.5f, -0x1p-15f}),
                arguments(1, 24, le(3, -8388608, 1, 4194304, -1), new float[] {-1, 0x1p-23f, 0.5f, -0x1p-23f}),
                arguments(1, 32, le(4, 1L << 31, 0, 1 << 30, -(1 << 30)), new float[] {-1, 0, 0.5f, -0.5f}),
                arguments(3, 32, le(4, Float.floatToIntBits(0.1f), 0), new float[] {0.1f, 0}),
                arguments(3, 64, le(8, half, minusTwo), new float[] {0.5f, -2}),
                // Codes and values of the tables of ITU-T G.711.
                arguments(
                        6, 8, le(1, 0xd5, 0x55, 0xaa, 0x2a), new float[] {0x1p-12f, -0x1p-12f, 0.984375f, -0.984375f}),
                arguments(7, 8, le(1, 0xff, 0xfe, 0x80, 0), new float[] {0, 0x1p-12f, 8031 / 8192f, -8031 / 8192f}));
    }

    @ParameterizedTest(name = "format {0}, {1} bits")
    @MethodSource("formats")
    void readsEveryFormatExactly(int tag, int bits, byte[] data, float[] expected) throws IOException {
        byte[] plain =
                new WavBytes().format(tag, 1, 22_050, bits).chunk("data", data).file();
        byte[] extensible = new WavBytes()
                .extensible(tag, 1, 22_050, bits)
                .chunk("data", data)
                .file();

        assertThat(read(plain).samples()).containsExactly(expected);
        assertThat(read(plain).sampleRateHz()).isEqualTo(22_050);
        assertThat(read(extensible).samples()).containsExactly(expected);
    }

    @Test
    void readsBytesInsideOfAnotherFileAndNamesTheirPlace() {
        byte[] data = le(2, -32768, 16384);
        byte[] file = new WavBytes().format(1, 1, 8_000, 16).chunk("data", data).file();
        Path place = Path.of("shard.parquet", "row 7");

        assertThat(WavFile.read(file, place).samples()).containsExactly(-1, 0.5f);
        assertThatThrownBy(() -> WavFile.read(new byte[0], place))
                .hasMessage(place + ": empty file, expected a WAV file");
    }

    @Test
    void holdsALimitOfLengthBeforeItMakesSamples() {
        byte[] file = new WavBytes()
                .format(1, 1, 1_000, 8)
                .chunk("data", new byte[2_100])
                .file();
        Path place = Path.of("question");

        assertThat(WavFile.read(file, place, 2.1).samples()).hasSize(2_100);
        assertThatThrownBy(() -> WavFile.read(file, place, 2))
                .isInstanceOf(BadFileException.class)
                .hasMessage("question: data: expected at most 2.0 s of audio, found 2.1 s");
    }

    @ParameterizedTest(name = "seed {0}, format {1}")
    @CsvSource({"1, 1, 24", "2, 1, 24", "3, 6, 8", "4, 7, 8"})
    void damagedBytesAreReadOrRefusedAndNothingElse(long seed, int tag, int bits) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole = new WavBytes()
                .extensible(tag, 2, 16_000, bits)
                .chunk("LIST", new byte[5])
                .chunk("data", new byte[60])
                .file();

        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int j = random.nextInt(4); j > 0 && damaged.length > 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(WavFile.read(damaged, Path.of("question"), 1).samples())
                        .isNotEmpty();
            } catch (BadFileException refused) {
                assertThat(refused).hasMessageStartingWith("question: ");
            }
        }
    }

    @Test
    void keepsTheFirstChannel() throws IOException {
        byte[] file = new WavBytes()
                .format(1, 3, 48_000, 16)
                .chunk("data", le(2, 16384, 1, 2, -16384, 3, 4))
                .file();

        assertThat(read(file).samples()).containsExactly(0.5f, -0.5f);
    }

    @Test
    void readsAllChannelsInTheirOrder() throws IOException {
        byte[] file = new WavBytes()
                .format(1, 3, 48_000, 24)
                .chunk("data", le(3, 1 << 22, 1, 2, -(1 << 22), 3, 4))
                .file();

        List<Waveform> channels = WavFile.readChannels(Files.write(folder.resolve("q.wav"), file));

        assertThat(channels).extracting(Waveform::sampleRateHz).containsExactly(48_000, 48_000, 48_000);
        assertThat(channels.get(0).samples()).containsExactly(0.5f, -0.5f);
        assertThat(channels.get(1).samples()).containsExactly(0x1p-23f, 3 * 0x1p-23f);
        assertThat(channels.get(2).samples()).containsExactly(2 * 0x1p-23f, 4 * 0x1p-23f);
    }

    @Test
    void looksForFaultsInTheChannelsThatItReads() throws IOException {
        byte[] data = le(4, 0, Float.floatToIntBits(Float.NaN), 0, 0);
        byte[] bytes =
                new WavBytes().format(3, 2, 16_000, 32).chunk("data", data).file();
        Path file = Files.write(folder.resolve("q.wav"), bytes);

        assertThat(WavFile.read(file).samples()).containsExactly(0, 0);
        assertThatThrownBy(() -> WavFile.readChannels(file))
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": sample 0: expected a finite number, found NaN");
    }

    @Test
    void skipsOtherChunksOfEvenAndOddLength() throws IOException {
        byte[] file = new WavBytes()
                .chunk("JUNK", new byte[4])
                .format(1, 1, 16_000, 16)
                .chunk("LIST", new byte[7])
                .chunk("data", le(2, 16384))
                .chunk("id3 ", new byte[5])
                .file();

        assertThat(read(file).samples()).containsExactly(0.5f);
    }

    @ParameterizedTest(name = "length {0}")
    @ValueSource(longs = {0, 0xffff_ffffL, 0x7fff_f000L, 0x7fff_ffffL})
    void readsToTheEndWhatWasWrittenIntoAPipe(long size) throws IOException {
        WavBytes stream = new WavBytes().format(1, 1, 16_000, 16).chunk("data", size, le(2, 16384, -16384, 1));

        for (long riffSize : new long[] {0, 36, 0xffff_ffffL}) {
            assertThat(read(stream.file(riffSize)).samples()).hasSize(3).startsWith(0.5f, -0.5f);
        }
    }

    @Test
    void anEmptyDataChunkBeforeOthersIsEmpty() {
        byte[] file = new WavBytes()
                .format(1, 1, 16_000, 16)
                .chunk("data", new byte[0])
                .chunk("LIST", new byte[26])
                .file();

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve("q.wav") + ": data: expected samples, found none");
    }

    static Stream<Arguments> broken() {
        byte[] data = le(2, 1, 2, 3);
        byte[] whole =
                new WavBytes().format(1, 1, 16_000, 16).chunk("data", data).file();
        return Stream.of(
                arguments(new byte[0], "empty file"),
                arguments("hello, I am not a sound".getBytes(StandardCharsets.US_ASCII), "not a WAV file"),
                arguments(Arrays.copyOf(whole, 11), "not a WAV file"),
                arguments(Arrays.copyOf(whole, 12), "no fmt chunk"),
                arguments(Arrays.copyOf(whole, 25), "fmt: expected 16 bytes, found 5 (cut short?)"),
                arguments(Arrays.copyOf(whole, 36), "no data chunk"),
                arguments(Arrays.copyOf(whole, 41), "no data chunk"),
                arguments(Arrays.copyOf(whole, 49), "data: expected 6 bytes, found 5 (cut short?)"),
                arguments(
                        new WavBytes()
                                .format(1, 1, 16_000, 16)
                                .chunk("data", new byte[0])
                                .file(),
                        "found none"),
                arguments(
                        new WavBytes()
                                .format(1, 1, 16_000, 16)
                                .chunk("data", new byte[1])
                                .file(),
                        "found none"),
                arguments(
                        new WavBytes()
                                .chunk("data", data)
                                .format(1, 1, 16_000, 16)
                                .file(),
                        "expected after fmt"),
                arguments(new WavBytes().chunk("fmt ", 8, new byte[8]).file(), "fmt: expected 16 bytes, found 8"),
                arguments(with(1, 0, 16_000, 16), "channels: expected 1 or more, found 0"),
                arguments(with(1, 1, 0, 16), "sample rate: expected 1000 to 768000 Hz, found 0"),
                arguments(with(1, 1, -1, 16), "sample rate: expected 1000 to 768000 Hz, found 4294967295"),
                arguments(with(1, 1, 16_000, 12), "found format 1 of 12 bits"),
                arguments(with(3, 1, 16_000, 16), "found format 3 of 16 bits"),
                arguments(with(6, 1, 8_000, 16), "or G.711 of 8, found format 6 of 16 bits"),
                arguments(with(7, 1, 8_000, 16), "found format 7 of 16 bits"),
                arguments(with(7, 0, 8_000, 8), "channels: expected 1 or more, found 0"),
                arguments(with(17, 1, 8_000, 8), "found format 17 of 8 bits"),
                arguments(
                        new WavBytes()
                                .format(7, 1, 8_000, 8)
                                .chunk("data", 5, new byte[4])
                                .file(),
                        "data: expected 5 bytes, found 4 (cut short?)"),
                arguments(with(0xfffe, 1, 8_000, 16), "extensible format: expected 40 bytes, found 16"),
                arguments(
                        new WavBytes()
                                .chunk("fmt ", le(2, 1, 1, 16_000, 0, 0, 0, 4, 16))
                                .file(),
                        "bytes per frame: expected 2, found 4"),
                arguments(
                        new WavBytes()
                                .chunk(
                                        "fmt ",
                                        le(2, 0xfffe, 1, 16_000, 0, 0, 0, 2, 16, 22, 16, 0, 0, 1, 5, 5, 5, 5, 5, 5, 5))
                                .file(),
                        "expected PCM, floats or G.711, found GUID"),
                arguments(
                        new WavBytes()
                                .format(3, 1, 16_000, 32)
                                .chunk("data", le(4, 0, Float.floatToIntBits(Float.NaN)))
                                .file(),
                        "sample 1: expected a finite number, found NaN"));
    }

    private static byte[] with(int tag, int channels, int rateHz, int bits) {
        return new WavBytes()
                .format(tag, channels, rateHz, bits)
                .chunk("data", new byte[64])
                .file();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("broken")
    void refusesWhatIsBrokenInOneLine(byte[] file, String fault) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(folder.resolve("q.wav") + ": ")
                .hasMessageContaining(fault)
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesEveryFileCutShort() {
        byte[] whole = new WavBytes()
                .extensible(1, 1, 16_000, 16)
                .chunk("data", le(2, 1, 2, 3))
                .file();

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void refusesAMissingFileAndAFolder() {
        assertThatThrownBy(() -> WavFile.read(folder.resolve("none.wav")))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve("none.wav") + ": no such file");
        assertThatThrownBy(() -> WavFile.read(folder)).isInstanceOf(BadFileException.class);
    }
}
