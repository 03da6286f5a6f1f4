package sparrow.models;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.transformer.Transformer;
import sparrow.speech.vocode.SpeechTrial;
import sparrow.tensor.kernel.KernelTrial;
import sparrow.tensor.kernel.Kernels;

/**
 * The numerics that decide about the bits of results of every model: where two are equal, the same replies come out with the same
 * sound, to the bit. Machines differ in the width of their vectors, in the functions of {@link Math}, and in what another
 * version of Java or of Sparrow adds up first.
 *
 * @param kernels in words, {@link Kernels#arithmetic()}
 * @param vectorBits width of the vectors, {@link Kernels#vectorBits()}
 * @param digest 16 hexadecimal digits: the beginning of a SHA-256 over what {@link KernelTrial} and {@link SpeechTrial}
 *     compute
 * @param device that computes the layers, with its host and driver, since each of them has last bits of its own; null where
 *     the kernels do
 */
public record NumericsFingerprint(String kernels, int vectorBits, String digest, String device) {
    /** The word before the device. */
    public static final String ON = " on ";

    private static final int DIGITS = 16;

    /** By what the kernels say of themselves: within one process it cannot differ. */
    private static final Map<String, NumericsFingerprint> KNOWN = new ConcurrentHashMap<>();

    public NumericsFingerprint {
        if (!digest.matches("[0-9a-f]{" + DIGITS + "}")) {
            throw new IllegalArgumentException("arithmetic: expected " + DIGITS + " hexadecimal digits, got " + digest);
        }
    }

    /** Of kernels that compute everything. */
    public NumericsFingerprint(String kernels, int vectorBits, String digest) {
        this(kernels, vectorBits, digest, null);
    }

    /** That of some kernels. Computed once, in a fraction of a second. */
    public static NumericsFingerprint of(Kernels kernels) {
        return KNOWN.computeIfAbsent(
                kernels.arithmetic(), words -> new NumericsFingerprint(words, kernels.vectorBits(), digest(kernels)));
    }

    /** That of an open model: of its kernels, and of the device that computes its layers. */
    public static NumericsFingerprint of(SpokenModel model) {
        Transformer transformer = model.languageModel().transformer();
        NumericsFingerprint own = of(transformer.kernels());
        return DeviceStack.deviceOf(transformer.stack())
                .map(device -> new NumericsFingerprint(own.kernels, own.vectorBits, own.digest, words(device)))
                .orElse(own);
    }

    private static String words(DeviceInfo device) {
        return device.name() + " (" + device.host() + ", driver " + device.driver() + ")";
    }

    private static String digest(Kernels kernels) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        add(digest, KernelTrial.results(kernels));
        add(digest, SpeechTrial.results(kernels));
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    private static void add(MessageDigest digest, double[] results) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * results.length);
        for (double result : results) bytes.putDouble(result);
        digest.update(bytes.flip());
    }

    /** As settings keep it: {@code vector-512x12 5f0a1c...}, and {@code  on NVIDIA H100 (OpenCL 3.0, driver 570.86)}. */
    @Override
    public String toString() {
        return kernels + " " + digest + (device == null ? "" : ON + device);
    }
}
