package sparrow.study.run;

import com.fasterxml.jackson.core.JacksonException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes from one machine to another: a JSON text, and bytes that would be long in it. As bytes: the length of the
 * text, the text, how many attachments, and each of them after its length; lengths are ints, the most significant byte
 * first.
 *
 * @param json of a record, by {@link RunJson}
 * @param attachments not to be changed
 */
public record Parcel(String json, List<byte[]> attachments) {
    public Parcel {
        attachments = List.copyOf(attachments);
    }

    /** A record, and what belongs to it. */
    public static Parcel of(Object value, byte[]... attachments) {
        return new Parcel(RunJson.text(value), List.of(attachments));
    }

    /**
     * The record in it.
     *
     * @throws BadParcelException if it holds none
     */
    public <T> T read(Class<T> type) {
        try {
            T value = RunJson.read(json.getBytes(StandardCharsets.UTF_8), type);
            if (value != null) return value;
        } catch (JacksonException e) {
            throw new BadParcelException("parcel: expected the JSON of a " + type.getSimpleName() + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        throw new BadParcelException("parcel: expected the JSON of a " + type.getSimpleName() + ", found null");
    }

    /**
     * An attachment.
     *
     * @throws BadParcelException if there are fewer
     */
    public byte[] attachment(int i) {
        if (i >= 0 && i < attachments.size()) return attachments.get(i);
        throw new BadParcelException("parcel: expected attachment " + i + ", found " + attachments.size());
    }

    /** Several parcels as one. */
    public static byte[] bytes(List<Parcel> parcels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Parcel parcel : parcels) parcel.write(out);
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory takes everything
        }
        return bytes.toByteArray();
    }

    private void write(DataOutputStream out) throws IOException {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
        out.writeInt(attachments.size());
        for (byte[] attachment : attachments) {
            out.writeInt(attachment.length);
            out.write(attachment);
        }
    }

    /**
     * The parcels again.
     *
     * @throws BadParcelException if the bytes are not those of parcels
     */
    public static List<Parcel> parcels(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Parcel> parcels = new ArrayList<>();
        while (in.hasRemaining()) {
            String json = new String(block(in), StandardCharsets.UTF_8);
            int count = length(in, Integer.BYTES);
            List<byte[]> attachments = new ArrayList<>();
            for (int i = 0; i < count; i++) attachments.add(block(in));
            parcels.add(new Parcel(json, attachments));
        }
        return parcels;
    }

    private static byte[] block(ByteBuffer in) {
        byte[] block = new byte[length(in, 1)];
        in.get(block);
        return block;
    }

    /** Of something whose elements have at least so many bytes each: no more is allocated than has come. */
    private static int length(ByteBuffer in, int bytesOfOne) {
        int length = in.remaining() >= Integer.BYTES ? in.getInt() : -1;
        if (length >= 0 && length <= in.remaining() / bytesOfOne) return length;
        throw new BadParcelException("parcel: cut or damaged at byte " + in.position() + " of " + in.limit());
    }
}
