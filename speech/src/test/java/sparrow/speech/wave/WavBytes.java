package sparrow.speech.wave;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds WAV files byte by byte, wrong ones too. */
final class WavBytes {
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    static byte[] le(int bytes, long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            for (int i = 0; i < bytes; i++) buffer.put((byte) (value >> 8 * i));
        }
        return buffer.array();
    }

    /** A chunk whose length field says {@code size}. */
    WavBytes chunk(String id, long size, byte[] body) {
        chunks.writeBytes(id.getBytes(StandardCharsets.US_ASCII));
        chunks.writeBytes(le(4, size));
        chunks.writeBytes(body);
        return this;
    }

    /** A chunk with its true length, padded to an even one. */
    WavBytes chunk(String id, byte[] body) {
        chunk(id, body.length, body);
        if (body.length % 2 == 1) chunks.write(0);
        return this;
    }

    WavBytes format(int tag, int channels, int rateHz, int bits) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(le(2, tag, channels));
        body.writeBytes(le(4, rateHz, (long) rateHz * channels * bits / 8));
        body.writeBytes(le(2, (long) channels * bits / 8, bits));
        return chunk("fmt ", body.toByteArray());
    }

    WavBytes extensible(int subFormat, int channels, int rateHz, int bits) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(le(2, 0xfffe, channels));
        body.writeBytes(le(4, rateHz, (long) rateHz * channels * bits / 8));
        body.writeBytes(le(2, (long) channels * bits / 8, bits, 22, bits));
        body.writeBytes(le(4, 4)); // speaker mask: front centre
        body.writeBytes(le(2, subFormat, 0, 0, 0x10));
        body.writeBytes(le(1, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71));
        return chunk("fmt ", body.toByteArray());
    }

    /** The file with its true length in front. */
    byte[] file() {
        return file(chunks.size() + 4);
    }

    byte[] file(long riffSize) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("RIFF".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(le(4, riffSize));
        file.writeBytes("WAVE".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(chunks.toByteArray());
        return file.toByteArray();
    }
}
