package sparrow.study.mos;

import java.nio.file.Path;

/** Scorers by the text that names them on a command line. */
public final class MosScorers {
    private static final String KINDS = "dnsmos:FILE, onnx:FILE, command:COMMAND with {wav}, http://... or https://...";

    private MosScorers() {}

    /**
     * Opens a scorer, which the caller closes.
     *
     * <ul>
     *   <li>{@code dnsmos:FILE} DNSMOS P.835, the file sig_bak_ovr.onnx of microsoft/DNS-Challenge
     *   <li>{@code onnx:FILE} a network with a waveform [1, samples] or [samples] at 16 kHz as its one input and one number
     *       as its output, such as an exported UTMOSv2
     *   <li>{@code command:COMMAND} a program with a place {wav} that prints a number as its last line
     *   <li>{@code http://...}, {@code https://...} a service to which the WAV file is posted and which answers a number, or
     *       JSON with score, mos or overall
     * </ul>
     *
     * @throws IllegalArgumentException if it is none of these
     * @throws sparrow.formats.BadFileException if the file is missing or no such network
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
     * The same scorer for a process that runs in another folder, of another machine perhaps: only there can its file be
     * opened, or its program be started.
     *
     * @throws IllegalArgumentException if it is none of those that {@link #open} takes
     */
    public static String absolute(String spec) {
        int colon = spec.indexOf(':');
        String kind = spec.substring(0, Math.max(colon, 0));
        if (!kind.equals("dnsmos") && !kind.equals("onnx")) {
            open(spec).close(); // reads nothing
            return spec;
        }
        if (colon == spec.length() - 1) throw unknown(spec);
        return kind + ":" + Path.of(spec.substring(colon + 1)).toAbsolutePath().normalize();
    }

    private static IllegalArgumentException unknown(String spec) {
        return new IllegalArgumentException("MOS scorer: expected one of " + KINDS + "; got " + spec);
    }
}
