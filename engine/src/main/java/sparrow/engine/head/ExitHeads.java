package sparrow.engine.head;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.WeightLoader;

/**
 * A model's exit heads by layer, including the model's own head at layer L, and an optional {@link DraftHead}.
 *
 * <p>Instances are immutable and safe for use by multiple threads.
 */
public final class ExitHeads {
    /**
     * Metadata key in a heads file. Its value is {@code true} if the model's final norm is applied before the heads'
     * matrices, and {@code false} otherwise.
     */
    public static final String APPLY_FINAL_NORM = "apply_final_norm";

    /**
     * Metadata key in a heads file. Its value is the {@link ModelFingerprint} of the model for which the heads were
     * trained.
     */
    public static final String MODEL_FINGERPRINT = "model_fingerprint";

    private static final Pattern NAME =
            Pattern.compile("head\\.([1-9]\\d{0,3})\\.(weight|tokens|translator|translator_bias)");

    private final ExitHead full;
    private final SortedMap<Integer, ExitHead> heads;
    private final Optional<DraftHead> draft;

    private ExitHeads(ExitHead full, SortedMap<Integer, ExitHead> heads, Optional<DraftHead> draft) {
        this.full = full;
        this.heads = heads;
        this.draft = draft;
    }

    private static ExitHeads of(Transformer transformer, SortedMap<Integer, ExitHead> exits) {
        int layers = transformer.config().layers();
        ExitHead full = ExitHead.ofOutput(layers, transformer);
        SortedMap<Integer, ExitHead> heads = new TreeMap<>(exits);
        heads.put(layers, full);
        return new ExitHeads(full, heads, Optional.empty());
    }

    /** Creates a head with the model's own output matrix. */
    private static ExitHead sharing(Transformer transformer, int layer, float[] norm, Linear translator) {
        return new ExitHead(
                layer, transformer.output(), null, norm, transformer.config().normEpsilon(), translator);
    }

    /** Returns heads that consist only of the full-depth head, so that early exit is not possible. */
    public static ExitHeads none(Transformer transformer) {
        return of(transformer, Collections.emptySortedMap());
    }

    /** Returns exit heads together with the full-depth head. */
    public static ExitHeads of(Transformer transformer, List<ExitHead> exits) {
        SortedMap<Integer, ExitHead> byLayer = new TreeMap<>();
        for (ExitHead head : exits) {
            if (head.layer() >= transformer.config().layers()) {
                throw new IllegalArgumentException("exit head of layer " + head.layer() + ": the model has "
                        + transformer.config().layers() + " layers");
            }
            byLayer.put(head.layer(), head);
        }
        return of(transformer, byLayer);
    }

    /** Returns a copy with a draft head. */
    public ExitHeads withDraft(DraftHead head) {
        return new ExitHeads(full, heads, Optional.of(head));
    }

    /** Returns the draft head, or empty if there is none. */
    public Optional<DraftHead> draft() {
        return draft;
    }

    /**
     * Reads a file of exit heads. Layer l's head has a tensor {@code head.l.weight} [rows, width] and, if the head does
     * not cover all tokens, {@code head.l.tokens} [rows] with their ids. The head may have a translator,
     * {@code head.l.translator} [width, width] and {@code head.l.translator_bias} [width]; a head with a translator but
     * without a weight uses the model's output matrix. The metadata {@link #APPLY_FINAL_NORM} determines whether the
     * model's final norm is applied before the matrix. The {@link #MODEL_FINGERPRINT}, if present, must match the
     * model.
     *
     * @param load loader that packs a matrix into memory for the kernels or creates a view of the open file
     * @throws BadFileException if the file does not match the model
     */
    public static ExitHeads read(Checkpoint checkpoint, Transformer transformer, WeightLoader load) {
        checkFingerprint(checkpoint, transformer);
        SortedSet<Integer> layers = new TreeSet<>();
        for (String name : checkpoint.names()) {
            Matcher part = NAME.matcher(name);
            if (!part.matches()) {
                throw new BadFileException(
                        checkpoint.source(),
                        "tensor " + name,
                        "expected head.LAYER.weight, .tokens, .translator or" + " .translator_bias");
            }
            // Include layers with token ids but without a weight, so that the missing weight is reported.
            layers.add(Integer.parseInt(part.group(1)));
        }
        if (layers.isEmpty()) {
            throw new BadFileException(checkpoint.source(), "expected tensors head.LAYER.weight, found none");
        }
        boolean norm = normed(checkpoint);
        SortedMap<Integer, ExitHead> heads = new TreeMap<>();
        for (int layer : layers) heads.put(layer, head(checkpoint, layer, norm, transformer, load));
        return of(transformer, heads);
    }

    /**
     * Checks that the fingerprint in a file's metadata, if present, matches the model.
     *
     * @throws BadFileException if it is the fingerprint of a different model
     */
    public static void checkFingerprint(Checkpoint checkpoint, Transformer transformer) {
        String found = checkpoint.metadata().get(MODEL_FINGERPRINT);
        if (found == null) return;
        String expected = ModelFingerprint.of(transformer).toString();
        if (!found.equals(expected)) {
            throw new BadFileException(
                    checkpoint.source(),
                    "metadata " + MODEL_FINGERPRINT,
                    "expected " + expected + ", found " + found + ": the heads were trained for another model");
        }
    }

    /**
     * Reads the metadata {@link #APPLY_FINAL_NORM} and returns whether the model's final norm is applied before the
     * file's matrices.
     *
     * @throws BadFileException if the metadata is missing or is neither true nor false
     */
    public static boolean normed(Checkpoint checkpoint) {
        return switch (checkpoint.metadata().getOrDefault(APPLY_FINAL_NORM, "")) {
            case "true" -> true;
            case "false" -> false;
            case String other ->
                throw new BadFileException(
                        checkpoint.source(),
                        "metadata " + APPLY_FINAL_NORM,
                        "expected true or false, found \"" + other + "\"");
        };
    }

    private static ExitHead head(
            Checkpoint checkpoint, int layer, boolean normed, Transformer transformer, WeightLoader load) {
        int layers = transformer.config().layers();
        if (layer < 1 || layer >= layers) {
            throw new BadFileException(
                    checkpoint.source(),
                    "tensor head." + layer,
                    "expected a layer from 1 to " + (layers - 1) + " of this model");
        }
        Linear translator = translator(checkpoint, layer, transformer.config().width(), load);
        float[] norm = normed ? transformer.finalNorm() : null;
        String name = "head." + layer + ".weight";
        if (translator != null && !checkpoint.has(name)) {
            return part(checkpoint, sharing(transformer, layer, norm, translator));
        }
        Matrix weight = checkpoint.matrix(name, -1, transformer.config().width());
        int rows = weight.rows();
        if (rows == 0)
            throw new BadFileException(checkpoint.source(), "tensor " + name, "expected 1 row or more, found 0");
        int[] tokens = tokens(checkpoint, layer, rows, transformer.config().vocabulary());
        return new ExitHead(
                layer, load.load(weight), tokens, norm, transformer.config().normEpsilon(), translator);
    }

    /** Reads a head's translator. Returns null if there is none. */
    private static Linear translator(Checkpoint checkpoint, int layer, int width, WeightLoader load) {
        String name = "head." + layer + ".translator";
        String bias = name + "_bias";
        // If there is a bias, a missing matrix must be reported as an error.
        if (!checkpoint.has(name) && !checkpoint.has(bias)) return null;
        Matrix matrix = checkpoint.matrix(name, width, width);
        return new Linear(load.load(matrix), checkpoint.has(bias) ? checkpoint.floats(bias, width) : null);
    }

    /** Returns the part of a head to which the file restricts it. */
    private static ExitHead part(Checkpoint checkpoint, ExitHead whole) {
        String name = "head." + whole.layer() + ".tokens";
        if (!checkpoint.has(name)) return whole;
        int rows = Math.toIntExact(checkpoint.tensor(name).elements());
        if (rows == 0)
            throw new BadFileException(checkpoint.source(), "tensor " + name, "expected 1 id or more, found 0");
        BitSet allowed = new BitSet();
        for (int token : tokens(checkpoint, whole.layer(), rows, whole.weights().rows())) allowed.set(token);
        return whole.restrictedTo(allowed);
    }

    /** Reads the token ids of a restricted head's rows. Returns null if the head covers the vocabulary. */
    private static int[] tokens(Checkpoint checkpoint, int layer, int rows, int vocabulary) {
        String name = "head." + layer + ".tokens";
        if (!checkpoint.has(name)) {
            if (rows == vocabulary) return null;
            throw new BadFileException(
                    checkpoint.source(),
                    "tensor head." + layer + ".weight",
                    "expected " + vocabulary + " rows, or a tensor " + name + ", found " + rows + " rows");
        }
        Tensor ids = checkpoint.tensor(name);
        if (ids.dtype().isFloating() || !ids.shape().equals(List.of(rows))) {
            throw new BadFileException(
                    checkpoint.source(),
                    "tensor " + name,
                    "expected " + rows + " integers, found " + ids.dtype() + " " + ids.shape());
        }
        int[] tokens;
        try {
            tokens = ids.toInts();
        } catch (ArithmeticException e) {
            throw new BadFileException(
                    checkpoint.source(), "tensor " + name, "expected ids below " + vocabulary + ", found larger ids");
        }
        BitSet seen = new BitSet();
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw new BadFileException(
                        checkpoint.source(), "tensor " + name, "token id " + token + " outside the vocabulary");
            }
            if (seen.get(token)) {
                throw new BadFileException(checkpoint.source(), "tensor " + name, "token id " + token + " twice");
            }
            seen.set(token);
        }
        return tokens;
    }

    /** Returns the layers below L that have a head. */
    public SortedSet<Integer> layers() {
        return Collections.unmodifiableSortedSet(new TreeMap<>(heads.headMap(full.layer())).navigableKeySet());
    }

    /** Returns the model's own head, which is layer L's head. */
    public ExitHead full() {
        return full;
    }

    /**
     * Returns the head of a layer, from 1 to L.
     *
     * @throws IllegalArgumentException if the layer has no head
     */
    public ExitHead at(int layer) {
        ExitHead head = heads.get(layer);
        if (head == null) throw new IllegalArgumentException("no exit head for layer " + layer);
        return head;
    }
}
