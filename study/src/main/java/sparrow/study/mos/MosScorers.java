package sparrow.study.mos;

import java.nio.file.Path;

/** Opens scorers by their command-line notation. */
public final class MosScorers {
    private static final String KINDS = "dnsmos:FILE, onnx:FILE, command:COMMAND with {wav}, http://... or https://...";

    private MosScorers() {}

    /**
     * Opens a scorer, which the caller must close.
     *
     * <ul>
     *   <li>{@code dnsmos:FILE} DNSMOS P.835, the file sig_bak_ovr.onnx of microsoft/DNS-Challenge
     *   <li>{@code onnx:FILE} a network with one input, a waveform [1, samples] or [samples] at 16 kHz, and one output
     *       number, such as an exported UTMOSv2
     *   <li>{@code command:COMMAND} a program with a placeholder {wav} that prints a number as its last line
     *   <li>{@code http://...}, {@code https://...} a service that accepts a WAV file by POST and returns a number, or
     *       JSON with score, mos or overall
     * </ul>
     *
     * @throws IllegalArgumentException if the notation is invalid
     * @throws sparrow.formats.BadFileException if the file is missing or contains an unsupported network
     */
    public static MosScorer open(String spec) {
        int colon = spec.indexOf(':');
        if (colon < 0 || colon == spec.length() - 1) throw unknown(spec);
        String rest = spec.substring(colon + 1);
        return switch (spec.substring(0, colon)) {
            case "dnsmos" -> Dnsmos.open(Path.of(rest));
            case "onnx" -> OnnxScorer.open(Path.of(rest));
            case "command" -> CommandScorer.of(rest);
            case "http", "https" -> HttpScorer.at(spec);
            default -> throw unknown(spec);
        };
    }

    /**
     * Returns the notation with absolute paths, for a process that runs in another folder or on another machine. The
     * scorer's file or program need not exist on this machine.
     *
     * @throws IllegalArgumentException if {@link #open} does not support the notation
     */
    public static String absolute(String spec) {
        int colon = spec.indexOf(':');
        String kind = spec.substring(0, Math.max(colon, 0));
        if (!kind.equals("dnsmos") && !kind.equals("onnx")) {
            open(spec).close(); // Only checks the notation, without reading a file.
            return spec;
        }
        if (colon == spec.length() - 1) throw unknown(spec);
        return kind + ":" + Path.of(spec.substring(colon + 1)).toAbsolutePath().normalize();
    }

    private static IllegalArgumentException unknown(String spec) {
        return new IllegalArgumentException("MOS scorer: expected one of " + KINDS + "; got " + spec);
    }
}
