package sparrow.formats.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes checkpoints as PyTorch does, and wrong ones as no program should. */
final class TorchFile {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final Map<String, byte[]> entries = new TreeMap<>();
    private int method = ZipEntry.STORED;

    /** Two tensors of four floats over one storage, the second transposed. */
    static TorchFile small() {
        return new TorchFile()
                .storage("0", 1, 2, 3, 4, 5, 6)
                .begin()
                .tensor("plain", "FloatStorage", "0", 6, 2, new int[] {2, 2}, new int[] {2, 1})
                .tensor("turned", "FloatStorage", "0", 6, 0, new int[] {2, 3}, new int[] {1, 2})
                .end();
    }

    TorchFile storage(String key, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) bytes.putFloat(value);
        return entry("a/data/" + key, bytes.array());
    }

    TorchFile entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    TorchFile compressed() {
        method = ZipEntry.DEFLATED;
        return this;
    }

    /** An empty OrderedDict and a mark, ready for names and tensors. */
    TorchFile begin() {
        return op(0x80).op(2)
                .global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .op('(');
    }

    TorchFile end() {
        return op('u').op('.');
    }

    TorchFile op(int... bytes) {
        for (int b : bytes) pickle.write(b);
        return this;
    }

    TorchFile global(String module, String name) {
        op('c');
        pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    TorchFile text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        op('X').int32(bytes.length);
        pickle.writeBytes(bytes);
        return this;
    }

    TorchFile number(long value) {
        op(0x8a, 8);
        for (int i = 0; i < 8; i++) op((int) (value >> (8 * i)) & 0xFF);
        return this;
    }

    TorchFile int32(int value) {
        return op(value & 0xFF, value >> 8 & 0xFF, value >> 16 & 0xFF, value >>> 24);
    }

    TorchFile tuple(int... values) {
        op('(');
        for (int value : values) number(value);
        return op('t');
    }

    TorchFile tensor(String name, String type, String key, long count, long offset, int[] size, int[] strides) {
        text(name).global("torch._utils", "_rebuild_tensor_v2").op('(');
        op('(').text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .number(count)
                .op('t', 'Q');
        number(offset).tuple(size).tuple(strides);
        return op(0x89).global("collections", "OrderedDict").op(')', 'R').op('t', 'R');
    }

    byte[] pickle() {
        return pickle.toByteArray();
    }

    byte[] bytes() {
        return bytes(pickle());
    }

    /** The archive with another pickle in it. */
    byte[] bytes(byte[] otherPickle) {
        entries.put("a/data.pkl", otherPickle);
        return zip(entries, method);
    }

    static byte[] zip(Map<String, byte[]> entries, int method) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                header.setMethod(method);
                header.setSize(entry.getValue().length);
                header.setCrc(crc.getValue());
                zip.putNextEntry(header);
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    /** The archive as Zip64, which PyTorch writes where a place or size passes 4 GB: the old fields say "elsewhere". */
    byte[] zip64() {
        entries.put("a/data.pkl", pickle());
        ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer directory = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        entries.forEach((name, content) -> {
            byte[] key = name.getBytes(StandardCharsets.UTF_8);
            directory.putInt(0x02014b50).put(new byte[16]).putInt(-1).putInt(-1);
            directory
                    .putShort((short) key.length)
                    .putShort((short) 36)
                    .put(new byte[10])
                    .putInt(-1);
            directory.put(key).putInt(0xCAFE | 4 << 16).putInt(0); // another field comes first
            directory.putShort((short) 1).putShort((short) 24).putLong(content.length);
            directory.putLong(content.length).putLong(out.position());
            out.putInt(0x04034b50)
                    .put(new byte[22])
                    .putShort((short) key.length)
                    .putShort((short) 0);
            out.put(key).put(content);
        });
        int start = out.position();
        out.put(directory.flip());
        int end64 = out.position();
        out.putInt(0x06064b50)
                .putLong(44)
                .put(new byte[12])
                .putLong(entries.size())
                .putLong(entries.size());
        out.putLong(end64 - start).putLong(start);
        out.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        out.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    /** Opens a checkpoint of these bytes, reads all of it and closes it. */
    static void readAll(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try (TorchZip checkpoint = TorchZip.open(file)) {
            for (String name : checkpoint.names()) checkpoint.tensor(name).toFloats();
        }
    }
}
