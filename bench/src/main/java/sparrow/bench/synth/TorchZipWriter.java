package sparrow.bench.synth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import sparrow.formats.AtomicFile;
import sparrow.formats.weights.CountedChannel;
import sparrow.formats.weights.TensorContents;
import sparrow.formats.weights.TensorDescription;
import sparrow.formats.weights.TorchZip;
import sparrow.tensor.DType;

/**
 * Writes PyTorch checkpoints ({@code .pt}, the zip format) that {@link TorchZip} and PyTorch can read: a state
 * dictionary of f32 tensors, each with a separate storage. Archives of 4 GiB and more, which need Zip64, are not
 * supported.
 *
 * <p>java.util.zip is not used because it cannot align data to multiples of 64 bytes, as PyTorch does.
 */
final class TorchZipWriter {
    private static final int ALIGNMENT = 64;
    private static final int LOCAL_BYTES = 30;

    /** Flag for sizes and a checksum after the data. */
    private static final short DESCRIPTOR_FOLLOWS = 1 << 3;

    private static final short VERSION = 20;

    private final AtomicFile file;
    private final String root;
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int entries;
    private long at;

    private TorchZipWriter(AtomicFile file, String root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Writes tensors whose contents are created while the file is written. The file has a temporary name until it is
     * complete.
     *
     * @param file file to create or replace; its name up to the first dot is the folder inside the archive
     * @param tensors f32 tensors with unique names, whose contents are requested in this order
     * @throws IllegalArgumentException if a tensor has another type, or the tensors are too large in total
     * @throws IllegalStateException if the size of a tensor's contents is wrong
     * @throws IOException if the file cannot be written; an existing file is unchanged in that case
     */
    public static void write(Path file, List<TensorDescription> tensors, TensorContents contents) throws IOException {
        long bytes = 0;
        for (TensorDescription tensor : tensors) {
            if (tensor.dtype() != DType.F32) {
                throw new IllegalArgumentException("tensor " + tensor.name() + ": expected F32, got " + tensor.dtype());
            }
            bytes += tensor.bytes() + 4L * ALIGNMENT + 2L * tensor.name().length();
        }
        if (bytes >= 1L << 32) {
            throw new IllegalArgumentException(file + ": expected tensors of less than 4 GiB, got " + bytes + " bytes");
        }
        String root = file.getFileName().toString().replaceFirst("\\..*", "");
        AtomicFile.write(file, whole -> new TorchZipWriter(whole, root).write(tensors, contents));
    }

    private void write(List<TensorDescription> tensors, TensorContents contents) throws IOException {
        entry("data.pkl", StateDictPickle.of(tensors));
        entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < tensors.size(); i++) {
            TensorDescription tensor = tensors.get(i);
            String name = "data/" + i;
            long start = begin(name);
            CountedChannel channel = new CountedChannel(file);
            contents.write(tensor, channel);
            end(name, start, channel.checksum(tensor), tensor.bytes());
        }
        entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
        finish();
    }

    private void entry(String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        long start = begin(name);
        file.write(ByteBuffer.wrap(content));
        end(name, start, sum.getValue(), content.length);
    }

    /** Writes an entry's header with padding for the alignment of its data, and returns the header's position. */
    private long begin(String name) throws IOException {
        long start = at;
        byte[] path = path(name);
        long data = Math.ceilDiv(at + LOCAL_BYTES + path.length + 4, ALIGNMENT) * (long) ALIGNMENT;
        int filling = (int) (data - at - LOCAL_BYTES - path.length - 4);
        ByteBuffer header = little((int) (data - at));
        header.putInt(0x04034b50).putShort(VERSION).putShort(DESCRIPTOR_FOLLOWS);
        header.putShort((short) 0).putInt(0).putInt(0).putInt(0).putInt(0); // method, time, checksum, sizes
        header.putShort((short) path.length).putShort((short) (4 + filling)).put(path);
        header.putShort((short) 0x4246).putShort((short) filling); // PyTorch's padding field
        header.position(header.capacity());
        write(header);
        return start;
    }

    private void end(String name, long start, long sum, long bytes) throws IOException {
        at += bytes;
        write(little(16)
                .putInt(0x08074b50)
                .putInt((int) sum)
                .putInt((int) bytes)
                .putInt((int) bytes));
        byte[] path = path(name);
        ByteBuffer entry = little(46 + path.length);
        entry.putInt(0x02014b50).putShort(VERSION).putShort(VERSION).putShort(DESCRIPTOR_FOLLOWS);
        entry.putShort((short) 0)
                .putInt(0)
                .putInt((int) sum)
                .putInt((int) bytes)
                .putInt((int) bytes);
        entry.putShort((short) path.length)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0);
        entry.putShort((short) 0).putInt(0).putInt((int) start).put(path);
        directory.writeBytes(entry.array());
        entries++;
    }

    private void finish() throws IOException {
        long start = at;
        write(ByteBuffer.wrap(directory.toByteArray()).position(directory.size()));
        ByteBuffer end = little(22).putInt(0x06054b50).putInt(0);
        end.putShort((short) entries).putShort((short) entries);
        write(end.putInt(directory.size()).putInt((int) start).putShort((short) 0));
    }

    private byte[] path(String name) {
        return (root + "/" + name).getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void write(ByteBuffer buffer) throws IOException {
        at += buffer.position();
        file.write(buffer.flip());
    }

    /** Creates the pickle of a state dictionary in protocol 2, as written by PyTorch, without the memo. */
    private static final class StateDictPickle extends ByteArrayOutputStream {
        static byte[] of(List<TensorDescription> tensors) {
            StateDictPickle pickle = new StateDictPickle();
            pickle.bytes(0x80, 2);
            pickle.emptyDict();
            pickle.bytes('(');
            for (int i = 0; i < tensors.size(); i++) pickle.tensor(tensors.get(i), i);
            pickle.bytes('u', '.');
            return pickle.toByteArray();
        }

        private void tensor(TensorDescription tensor, int storage) {
            text(tensor.name());
            global("torch._utils", "_rebuild_tensor_v2");
            bytes('(', '(');
            text("storage");
            global("torch", "FloatStorage");
            text(Integer.toString(storage));
            text("cpu");
            number(Math.toIntExact(tensor.elements()));
            bytes('t', 'Q');
            number(0);
            tuple(tensor.shape());
            tuple(strides(tensor.shape()));
            bytes(0x89); // requires_grad is false
            emptyDict();
            bytes('t', 'R');
        }

        private static List<Integer> strides(List<Integer> shape) {
            List<Integer> strides = new ArrayList<>();
            int stride = 1;
            for (int size : shape.reversed()) {
                strides.addFirst(stride);
                stride *= size;
            }
            return strides;
        }

        private void emptyDict() {
            global("collections", "OrderedDict");
            bytes(')', 'R');
        }

        private void tuple(List<Integer> numbers) {
            bytes('(');
            numbers.forEach(this::number);
            bytes('t');
        }

        private void global(String module, String name) {
            bytes('c');
            writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        }

        private void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes('X');
            writeBytes(little(4).putInt(utf8.length).array());
            writeBytes(utf8);
        }

        private void number(int value) {
            bytes('J');
            writeBytes(little(4).putInt(value).array());
        }

        private void bytes(int... opcodes) {
            for (int opcode : opcodes) write(opcode);
        }
    }
}
