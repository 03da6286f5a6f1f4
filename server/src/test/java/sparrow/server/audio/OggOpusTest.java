package sparrow.server.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

class OggOpusTest {
    private static final int SERIAL = 0x89abcdef;

    /** A voice's fundamental with harmonics, which the codec keeps well. */
    static float[] hum(int samples) {
        float[] hum = new float[samples];
        for (int i = 0; i < samples; i++) {
            double t = i / 24_000.0;
            for (int harmonic = 1; harmonic <= 8; harmonic++) {
                hum[i] += (float) (0.3 / harmonic * Math.sin(2 * Math.PI * harmonic * (150 + 20 * t) * t));
            }
        }
        return hum;
    }

    static byte[] written(float[] samples, int serial) {
        OggOpusWriter writer = new OggOpusWriter(serial);
        return joined(writer.accept(samples), writer.finish());
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) joined.writeBytes(part);
        return joined.toByteArray();
    }

    @Test
    void pagesAreThoseOfTheRecommendation() {
        List<PlainOgg.Page> pages = PlainOgg.pages(written(hum(60_100), SERIAL));

        byte[] head = pages.get(0).packets().getFirst();
        ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(head, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("OpusHead");
        assertThat(head).hasSize(19);
        assertThat(head[8]).as("version").isEqualTo((byte) 1);
        assertThat(head[9]).as("channels").isEqualTo((byte) 1);
        int preSkip = fields.getShort(10);
        assertThat(preSkip).isBetween(100, 960);
        assertThat(fields.getInt(12)).as("rate").isEqualTo(24_000);
        assertThat(fields.getShort(16)).as("gain").isZero();
        assertThat(head[18]).as("mapping").isZero();

        byte[] tags = pages.get(1).packets().getFirst();
        assertThat(new String(tags, StandardCharsets.US_ASCII)).isEqualTo("OpusTags\7\0\0\0Sparrow\0\0\0\0");

        long granule = 0;
        for (int i = 0; i < pages.size(); i++) {
            PlainOgg.Page page = pages.get(i);
            assertThat(page.sequence()).isEqualTo(i);
            assertThat(page.serial()).isEqualTo(0x89abcdefL);
            assertThat(page.flags()).isEqualTo(i == 0 ? 2 : i == pages.size() - 1 ? 4 : 0);
            if (i < 2) {
                assertThat(page.granule()).isZero();
                assertThat(page.packets()).hasSize(1);
            } else {
                assertThat(page.packets()).hasSizeBetween(1, 50);
                granule += 960L * page.packets().size();
                boolean last = i == pages.size() - 1;
                assertThat(page.granule()).isEqualTo(last ? preSkip + 2 * 60_100 : granule);
            }
        }
        assertThat(granule - pages.getLast().granule())
                .as("cut from the last packet")
                .isBetween(0L, 959L);
    }

    @ParameterizedTest(name = "{0} samples")
    @ValueSource(ints = {0, 1, 323, 324, 325, 479, 480, 481, 24_000, 50_001})
    void asManySamplesComeBackAsWentIn(int samples) {
        Waveform heard = new OggOpusReader(written(hum(samples), 1), 600).decode();

        assertThat(heard.sampleRateHz()).isEqualTo(24_000);
        assertThat(heard.samples()).hasSize(samples);
    }

    @Test
    void soundComesBackInItsPlace() {
        float[] hum = hum(48_000);

        float[] heard = new OggOpusReader(written(hum, 1), 600).decode().samples();

        double best = 0;
        int bestLag = Integer.MIN_VALUE;
        for (int lag = -200; lag <= 200; lag++) {
            double similarity = similarity(hum, heard, lag);
            if (similarity > best) {
                best = similarity;
                bestLag = lag;
            }
        }
        assertThat(bestLag).as("samples late").isBetween(-1, 1); // libopus is early by one as well
        assertThat(best).isGreaterThan(0.99);
    }

    /** The cosine of the angle between both, the second shifted to the front. */
    private static double similarity(float[] a, float[] b, int lag) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 1_000; i < a.length - 1_000; i++) {
            ab += a[i] * b[i + lag];
            aa += a[i] * a[i];
            bb += b[i + lag] * b[i + lag];
        }
        return ab / Math.sqrt(aa * bb);
    }

    static LongStream seeds() {
        return LongStream.range(0, 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void packetsAreTheSameHoweverTheSoundIsCut(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] hum = hum(random.nextInt(30_000));
        OggOpusWriter writer = new OggOpusWriter(1);
        ByteArrayOutputStream file = new ByteArrayOutputStream();

        for (int at = 0; at < hum.length; ) {
            int to = Math.min(hum.length, at + random.nextInt(3_000));
            byte[] pages = writer.accept(Arrays.copyOfRange(hum, at, to));
            PlainOgg.pages(pages); // whole ones
            file.writeBytes(pages);
            at = to;
        }
        file.writeBytes(writer.finish());

        byte[][] whole = packets(written(hum, 1));
        assertThat(packets(file.toByteArray())).isDeepEqualTo(whole);
        assertThat(new OggOpusReader(file.toByteArray(), 2).decode().samples()).hasSize(hum.length);
    }

    private static byte[][] packets(byte[] file) {
        return PlainOgg.pages(file).stream()
                .flatMap(page -> page.packets().stream())
                .toArray(byte[][]::new);
    }

    @Test
    void everyCallHandsOutWhatItsWholeFramesGive() {
        OggOpusWriter writer = new OggOpusWriter(1);

        assertThat(PlainOgg.pages(writer.accept(new float[479]))).as("headers").hasSize(2);
        assertThat(PlainOgg.pages(writer.accept(new float[1]))).hasSize(1);
        assertThat(writer.accept(new float[479])).isEmpty();
    }

    @Test
    void nothingComesAfterTheEnd() {
        OggOpusWriter writer = new OggOpusWriter(1);
        writer.finish();

        assertThatThrownBy(() -> writer.accept(new float[1])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void moreSoundThanAllowedIsRefusedBeforeItIsDecoded() {
        byte[] file = written(new float[24_000 * 3], 1);

        assertThat(new OggOpusReader(file, 4).decode().seconds()).isEqualTo(3);
        assertThatThrownBy(() -> new OggOpusReader(file, 2))
                .hasMessage("opus: expected at most 2 s of audio, found more");
    }

    @Test
    void elevenMinutesAreRefused() {
        // A packet of 120 ms: six frames of 20 ms, each of no bytes.
        byte[] packet = {(byte) (1 << 3 | 3), 6};
        byte[] file = file(packet, 11 * 60 * 1_000 / 120);

        assertThatThrownBy(() -> new OggOpusReader(file, 600))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("opus: expected at most 600 s of audio, found more");
    }

    static byte[] file(byte[] packet, int count) {
        List<PlainOgg.Page> pages = PlainOgg.pages(written(new float[0], 7));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int i = 0; i < 2; i++) {
            byte[] header = pages.get(i).packets().getFirst();
            file.writeBytes(new OggPage(i == 0 ? 2 : 0, 0, 7, i, new byte[] {(byte) header.length}, header).bytes());
        }
        for (int i = 0; i < count; i++) {
            int flags = i == count - 1 ? 4 : 0;
            byte[] segments = {(byte) packet.length};
            long granule = (i + 1L) * 5_760;
            file.writeBytes(new OggPage(flags, granule, 7, i + 2, segments, packet).bytes());
        }
        return file.toByteArray();
    }

    /** Files of libopus (README beside them), decoded here and compared with what was encoded. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"mono-hybrid, 26025", "stereo-60ms, 16000"})
    void filesOfAnotherEncoderAreHeard(String name, int samplesAt16kHz) throws IOException {
        byte[] file;
        try (InputStream in = OggOpusTest.class.getResourceAsStream(name + ".opus")) {
            file = in.readAllBytes();
        }
        Waveform question = WavFile.read(Path.of(System.getProperty("sparrow.testdata"), "..", "examples", "q01.wav"));
        float[] asked = new Waveform(Arrays.copyOf(question.samples(), samplesAt16kHz), 16_000)
                .at(24_000)
                .samples();

        float[] heard = new OggOpusReader(file, 600).decode().samples();

        assertThat(heard.length).isBetween(asked.length - 2, asked.length + 2);
        // Early by one sample in hybrid packets, as libopus is.
        double best = Math.max(similarity(asked, heard, 0), similarity(asked, heard, -1));
        assertThat(best).isGreaterThan(0.97);
    }

    static Stream<Arguments> damaged() {
        byte[] one = written(hum(2_000), 1);
        byte[] two = written(hum(2_000), 2);
        List<byte[]> pages = OggOpusTest.pages(one);
        byte[] wrongSum = one.clone();
        wrongSum[one.length - 1] ^= 1;
        byte[] notOpus = page(2, 0, 0, 0, "\u007fFLAC");
        byte[] withoutEnd = joined(pages.get(0), pages.get(1), page(0, 960, 1, 2, "\b"));
        byte[] continued = joined(pages.get(0), pages.get(1), page(1, 960, 1, 2, "\b"));
        byte[] early = joined(pages.get(0), pages.get(1), page(0, 10, 1, 2, "\b"), page(4, 20, 1, 3, "\b"));
        byte[] empty = joined(pages.get(0), pages.get(1), page(4, 960, 1, 2, ""));
        return Stream.of(
                arguments(new byte[0], "ogg: page at byte 0: expected a page, found 0 bytes"),
                arguments(new byte[27], "ogg: page at byte 0: expected a page, which begins with OggS"),
                arguments(Arrays.copyOf(one, one.length - 1), "truncated"),
                arguments(Arrays.copyOf(one, pages.get(0).length + pages.get(1).length), "no last page (truncated?)"),
                arguments(withoutEnd, "ogg: no last page (truncated?)"),
                arguments(wrongSum, "wrong checksum: the page is damaged"),
                arguments(
                        joined(one, two),
                        "ogg: expected one stream, found " + two.length + " bytes after its last page"),
                arguments(joined(pages.get(0), two), "ogg: expected one stream, found another one at byte 47"),
                arguments(joined(pages.get(0), pages.get(2)), "ogg: expected page 1 at byte 47, found 2"),
                arguments(pages.get(1), "ogg: expected a first page at the start"),
                arguments(notOpus, "opus: expected OpusHead in the first packet: not an Opus file"),
                arguments(continued, "ogg: page 2 does not continue where the previous one ends"),
                arguments(early, "opus: first granule: expected 960 or more, found 10"),
                arguments(empty, "opus: expected packets, found an empty one"),
                arguments(head(9, 3), "opus: expected one or two channels, found 3 of mapping 0"),
                arguments(head(18, 1), "opus: expected one or two channels, found 1 of mapping 1"),
                arguments(head(8, 16), "opus: version: expected 0 to 15, found 16"),
                arguments(head(11, 99), "opus: last granule: expected 25400 or more, found 4312"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("damaged")
    void whatIsDamagedOrOfSeveralStreamsIsRefusedInOneLine(byte[] file, String fault) {
        assertThatThrownBy(() -> new OggOpusReader(file, 600).decode())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void everyFileCutShortIsRefused() {
        byte[] file = written(hum(2_000), 1);

        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> new OggOpusReader(cut, 600).decode())
                    .as("%d bytes", length)
                    .isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damageBehindGoodChecksumsIsHeardOrRefused(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = written(hum(3_000), 1);

        for (int i = 0; i < 40; i++) {
            byte[] damaged = good.clone();
            for (int j = random.nextInt(8); j >= 0; j--) damaged[random.nextInt(good.length)] = (byte) random.nextInt();
            PlainOgg.mendChecksums(damaged);
            heardOrRefused(damaged);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomPacketsAreHeardOrRefused(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 40; i++) {
            byte[] packet = new byte[random.nextInt(1, 255)];
            random.nextBytes(packet);
            heardOrRefused(file(packet, 1 + random.nextInt(4)));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomBytesAreRefused(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            System.arraycopy(
                    new byte[] {'O', 'g', 'g', 'S', 0, 2}, 0, bytes, 0, Math.min(bytes.length, random.nextInt(7)));
            heardOrRefused(bytes);
        }
    }

    private static void heardOrRefused(byte[] file) {
        try {
            assertThat(new OggOpusReader(file, 10).decode().samples().length).isLessThanOrEqualTo(240_000);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).message().matches("(ogg|opus): .+");
        }
    }

    private static List<byte[]> pages(byte[] file) {
        List<byte[]> pages = new ArrayList<>();
        for (int at = 0; at < file.length; at += pages.getLast().length) {
            pages.add(Arrays.copyOfRange(file, at, at + OggPage.read(file, at).length()));
        }
        return pages;
    }

    private static byte[] page(int flags, long granule, int serial, int sequence, String packet) {
        byte[] body = packet.getBytes(StandardCharsets.ISO_8859_1);
        return new OggPage(flags, granule, serial, sequence, new byte[] {(byte) body.length}, body).bytes();
    }

    /** A file with one byte of its first packet changed. */
    private static byte[] head(int place, int value) {
        byte[] file = written(hum(2_000), 1);
        file[28 + place] = (byte) value;
        PlainOgg.mendChecksums(file);
        return file;
    }
}
