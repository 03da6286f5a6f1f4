package sparrow.study.mos;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * ONNX files of a few operators, written field by field (onnx.proto of ONNX 1.12: IR version 8, operator set 13). Sizes of
 * -1 are left open.
 */
final class TinyOnnx {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final Message graph = new Message().text(2, "tiny");

    TinyOnnx floatInput(String name, long... shape) {
        graph.message(11, port(name, FLOAT, shape));
        return this;
    }

    TinyOnnx integerInput(String name, long... shape) {
        graph.message(11, port(name, INT64, shape));
        return this;
    }

    TinyOnnx floatOutput(String name, long... shape) {
        graph.message(12, port(name, FLOAT, shape));
        return this;
    }

    /** The mean over some axes, which stay as axes of size 1 or go. */
    TinyOnnx mean(String in, String out, boolean keepAxes, long... axes) {
        Message node = new Message().text(1, in).text(2, out).text(4, "ReduceMean");
        Message list = new Message().text(1, "axes");
        for (long axis : axes) list.number(8, axis);
        node.message(5, list.number(20, 7));
        node.message(
                5, new Message().text(1, "keepdims").number(3, keepAxes ? 1 : 0).number(20, 2));
        graph.message(1, node);
        return this;
    }

    /** A tensor three times beside itself. */
    TinyOnnx thrice(String in, String out, long axis) {
        Message node =
                new Message().text(1, in).text(1, in).text(1, in).text(2, out).text(4, "Concat");
        node.message(5, new Message().text(1, "axis").number(3, axis).number(20, 2));
        graph.message(1, node);
        return this;
    }

    Path write(Path file) throws IOException {
        Message model = new Message().number(1, 8).message(7, graph);
        return Files.write(file, model.message(8, new Message().number(2, 13)).bytes());
    }

    private static Message port(String name, int type, long... shape) {
        Message sizes = new Message();
        for (long size : shape) {
            sizes.message(1, size < 0 ? new Message().text(2, "n") : new Message().number(1, size));
        }
        Message tensor = new Message().number(1, type).message(2, sizes);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** A message of Protocol Buffers. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            variable(field << 3);
            variable(value);
            return this;
        }

        Message text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message message) {
            return bytes(field, message.bytes());
        }

        private Message bytes(int field, byte[] bytes) {
            variable(field << 3 | 2);
            variable(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        private void variable(long value) {
            long rest = value;
            for (; rest >>> 7 != 0; rest >>>= 7) out.write((int) (rest & 0x7f | 0x80));
            out.write((int) rest);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
