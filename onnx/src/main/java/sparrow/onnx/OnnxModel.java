package sparrow.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import sparrow.formats.BadFileException;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * A network in an ONNX file, which ONNX Runtime runs on the CPU. Inputs and outputs are named tensors. This object owns
 * the network's native memory. Thread-safe.
 */
public final class OnnxModel implements AutoCloseable {
    /**
     * Stack size in bytes of the thread that creates the environment. ONNX Runtime 1.29 matches the process's command
     * line with a regular expression, which takes about 260 bytes of stack per character. With a class path of 4000
     * characters, a thread with the default stack of 1 MiB would crash the JVM. Linux limits command lines to 2 MiB.
     */
    private static final long ENVIRONMENT_STACK = 600L << 20;

    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<OnnxPort> inputs;
    private final List<OnnxPort> outputs;

    private OnnxModel(Path file, OrtEnvironment environment, OrtSession session) throws OrtException {
        this.file = file;
        this.environment = environment;
        this.session = session;
        inputs = ports(session.getInputInfo().values());
        outputs = ports(session.getOutputInfo().values());
    }

    private List<OnnxPort> ports(Collection<NodeInfo> nodes) {
        return nodes.stream().map(node -> OnnxPort.of(file, node)).toList();
    }

    /**
     * Loads a network.
     *
     * @throws BadFileException if the file is missing or not an ONNX model that ONNX Runtime can run, or if an input or
     *     output is not a tensor of F32, I32 or I64
     * @throws IllegalStateException if ONNX Runtime has no library for this platform; the message is one line
     */
    public static OnnxModel open(Path file) {
        if (Files.isDirectory(file)) throw new BadFileException(file, "expected a file, found a folder");
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        OrtEnvironment environment = environment();
        try (SessionOptions options = new SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return of(file, environment, environment.createSession(file.toString(), options));
        } catch (OrtException e) {
            throw new BadFileException(file, "expected an ONNX model: " + firstLine(e));
        }
    }

    /**
     * Loads a network and passes it to {@code user}, which must close it. If {@code user} throws, the network is
     * closed.
     */
    static <T> T open(Path file, Function<OnnxModel, T> user) {
        OnnxModel model = open(file);
        try {
            return user.apply(model);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static OnnxModel of(Path file, OrtEnvironment environment, OrtSession session) throws OrtException {
        try {
            return new OnnxModel(file, environment, session);
        } catch (OrtException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * Returns the environment for this process. Its log is disabled, because errors are also reported as exceptions.
     */
    private static OrtEnvironment environment() {
        FutureTask<OrtEnvironment> made = new FutureTask<>(() -> {
            RuntimeLibraries.unpack();
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "sparrow");
        });
        new Thread(null, made, "sparrow-onnx", ENVIRONMENT_STACK).start();
        try {
            return made.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof LinkageError)) throw new IllegalStateException(e.getCause());
            throw new IllegalStateException(
                    "ONNX Runtime does not run on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": its native library cannot be loaded",
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ONNX Runtime was loaded", e);
        }
    }

    /** Returns the network's file, for messages. */
    public Path file() {
        return file;
    }

    /** Returns the inputs, in the file's order. */
    public List<OnnxPort> inputs() {
        return inputs;
    }

    /** Returns the outputs, in the file's order. */
    public List<OnnxPort> outputs() {
        return outputs;
    }

    /**
     * Checks that the network has exactly these inputs, in any order.
     *
     * @param expected the caller's tensors, with {@link OnnxPort#ANY} for sizes that vary between runs
     * @throws BadFileException if an input is missing, has another type or shape, or is not expected; the message names
     *     the first such input
     */
    public void expectInputs(OnnxPort... expected) {
        for (OnnxPort port : expected) {
            OnnxPort found = inputs.stream()
                    .filter(input -> input.name().equals(port.name()))
                    .findFirst()
                    .orElseThrow(
                            () -> new BadFileException(file, "input " + port.name(), "expected it, found " + inputs));
            expect(found, port);
        }
        if (inputs.size() != expected.length) {
            throw new BadFileException(file, "inputs", "expected " + Arrays.toString(expected) + ", found " + inputs);
        }
    }

    /**
     * Checks that the network has a single input with this type and shape, and returns its name.
     *
     * @param shape the sizes of the caller's tensor, with {@link OnnxPort#ANY} for sizes that vary between runs
     * @return the name of the input
     * @throws BadFileException if the network has another number of inputs, or its input has another type or shape
     */
    public String onlyInput(DType type, Integer... shape) {
        if (inputs.size() != 1) throw new BadFileException(file, "inputs", "expected one, found " + inputs);
        OnnxPort input = inputs.getFirst();
        expect(input, new OnnxPort(input.name(), type, List.of(shape)));
        return input.name();
    }

    private void expect(OnnxPort found, OnnxPort expected) {
        if (found.accepts(expected)) return;
        throw new BadFileException(
                file, "input " + found.name(), "expected " + expected.form() + ", found " + found.form());
    }

    /**
     * Runs the network.
     *
     * @param inputs one F32, I32 or I64 tensor per input, by name
     * @return the outputs by name, in the file's order; the caller owns them
     * @throws BadFileException if the network rejects the tensors or fails
     */
    public SequencedMap<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                given.put(input.getKey(), onnxTensor(input.getValue()));
            }
            return results(given);
        } catch (OrtException e) {
            throw new BadFileException(file, "run", firstLine(e));
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private SequencedMap<String, Tensor> results(Map<String, OnnxTensor> given) throws OrtException {
        SequencedMap<String, Tensor> results = new LinkedHashMap<>();
        try (OrtSession.Result found = session.run(given)) {
            for (Map.Entry<String, OnnxValue> output : found) {
                results.put(output.getKey(), tensor(output.getKey(), (OnnxTensor) output.getValue()));
            }
        }
        return results;
    }

    private OnnxTensor onnxTensor(Tensor tensor) throws OrtException {
        long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
        return switch (tensor.dtype()) {
            case F32 -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(tensor.toFloats()), shape);
            case I32 -> OnnxTensor.createTensor(environment, IntBuffer.wrap(tensor.toInts()), shape);
            case I64 -> {
                long[] values = Arrays.stream(tensor.toInts()).asLongStream().toArray();
                yield OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
            }
            case F16, BF16, F64, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K ->
                throw new IllegalArgumentException("ONNX input: expected F32, I32 or I64, got " + tensor.dtype());
        };
    }

    private Tensor tensor(String name, OnnxTensor value) {
        int[] shape = Arrays.stream(value.getInfo().getShape())
                .mapToInt(Math::toIntExact)
                .toArray();
        return switch (OnnxPort.type(file, name, value.getInfo().type)) {
            case F32 -> Tensor.of(floats(value.getFloatBuffer()), shape);
            case I32 -> Tensor.of(ints(value.getIntBuffer()), shape);
            default -> Tensor.of(longs(value.getLongBuffer()), shape); // I64, the only other type of a port
        };
    }

    private static float[] floats(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static int[] ints(IntBuffer buffer) {
        int[] values = new int[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static long[] longs(LongBuffer buffer) {
        long[] values = new long[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** Returns a message's first line, because ONNX Runtime appends lines about its source code. */
    private static String firstLine(OrtException e) {
        return e.getMessage().lines().findFirst().orElse("failed");
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(file + ": " + firstLine(e), e);
        }
    }
}
