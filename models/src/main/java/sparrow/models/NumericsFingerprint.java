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
 * Identifies the floating-point behaviour of a machine: two machines with equal fingerprints produce identical replies
 * and sound, to the bit. Results depend on the vector width, on the functions of {@link Math}, and on the order of
 * summation in a version of Java or Sparrow.
 *
 * @param kernels name of the kernels' arithmetic, {@link Kernels#arithmetic()}
 * @param vectorBits width of the vectors, {@link Kernels#vectorBits()}
 * @param digest the first 16 hexadecimal digits of a SHA-256 of the results of {@link KernelTrial} and {@link
 *     SpeechTrial}
 * @param device the device that computes the layers with its host and driver, all of which affect rounding; null if the
 *     kernels compute them
 */
public record NumericsFingerprint(String kernels, int vectorBits, String digest, String device) {
    /** Separates kernels and device in {@link #toString}. */
    public static final String ON = " on ";

    private static final int DIGITS = 16;

    /** Fingerprints by {@link Kernels#arithmetic()}, which determines them within a process. */
    private static final Map<String, NumericsFingerprint> KNOWN = new ConcurrentHashMap<>();

    public NumericsFingerprint {
        if (!digest.matches("[0-9a-f]{" + DIGITS + "}")) {
            throw new IllegalArgumentException("arithmetic: expected " + DIGITS + " hexadecimal digits, got " + digest);
        }
    }

    /** Creates a fingerprint of kernels without a device. */
    public NumericsFingerprint(String kernels, int vectorBits, String digest) {
        this(kernels, vectorBits, digest, null);
    }

    /** Returns the fingerprint of kernels. The first call takes a fraction of a second. */
    public static NumericsFingerprint of(Kernels kernels) {
        return KNOWN.computeIfAbsent(
                kernels.arithmetic(), name -> new NumericsFingerprint(name, kernels.vectorBits(), digest(kernels)));
    }

    /** Returns the fingerprint of an open model's kernels and of its device, if it has one. */
    public static NumericsFingerprint of(SpokenModel model) {
        Transformer transformer = model.languageModel().transformer();
        NumericsFingerprint host = of(transformer.kernels());
        return DeviceStack.deviceOf(transformer.stack())
                .map(device -> new NumericsFingerprint(host.kernels, host.vectorBits, host.digest, describe(device)))
                .orElse(host);
    }

    private static String describe(DeviceInfo device) {
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

    /**
     * Returns the form used in settings: {@code vector-512x12 5f0a1c...}, followed by {@code  on NVIDIA H100 (OpenCL
     * 3.0, driver 570.86)} if there is a device.
     */
    @Override
    public String toString() {
        return kernels + " " + digest + (device == null ? "" : ON + device);
    }
}
