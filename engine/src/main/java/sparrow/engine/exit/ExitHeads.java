package sparrow.engine.exit;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.tensor.Tensor;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;

/** The heads of a model, by layer; the model's own output matrix is the one of layer L. */
public final class ExitHeads {
    private static final Pattern NAME = Pattern.compile("head\\.([1-9]\\d{0,3})\\.(weight|tokens)");

    private final int layers;
    private final SortedMap<Integer, ExitHead> heads;

    private ExitHeads(Transformer transformer, SortedMap<Integer, ExitHead> exits) {
        layers = transformer.config().layers();
        heads = new TreeMap<>(exits);
        heads.put(
                layers,
                new ExitHead(
                        layers,
                        transformer.output(),
                        null,
                        transformer.finalNorm(),
                        transformer.config().normEpsilon()));
    }

    /** The full-depth head alone: no early exit is possible. */
    public static ExitHeads none(Transformer transformer) {
        return new ExitHeads(transformer, Collections.emptySortedMap());
    }

    /** These heads beside the full-depth one. */
    public static ExitHeads of(Transformer transformer, List<ExitHead> exits) {
        SortedMap<Integer, ExitHead> byLayer = new TreeMap<>();
        for (ExitHead head : exits) {
            if (head.layer() >= transformer.config().layers()) {
                throw new IllegalArgumentException("exit head of layer " + head.layer() + ": the model has "
                        + transformer.config().layers() + " layers");
            }
            byLayer.put(head.layer(), head);
        }
        return new ExitHeads(transformer, byLayer);
    }

    /**
     * Reads a file of exit heads: for each layer l a tensor {@code head.l.weight} [rows, width]
     * and, where a head is restricted to some tokens, {@code head.l.tokens} [rows] with their ids. The metadata
     * {@code apply_final_norm} (true or false) tells whether the model's final norm comes first.
     *
     * @param load how a matrix is made ready for the kernels: packed into memory, or viewed in the open file
     * @throws BadFileException if the file does not fit the model
     */
    public static ExitHeads read(Checkpoint checkpoint, Transformer transformer, Function<Matrix, Weight> load) {
        boolean norm = normed(checkpoint);
        SortedMap<Integer, ExitHead> heads = new TreeMap<>();
        for (String name : checkpoint.names()) {
            Matcher part = NAME.matcher(name);
            if (!part.matches()) {
                throw new BadFileException(
                        checkpoint.source(), "tensor " + name, "expected head.LAYER.weight or head.LAYER.tokens");
            }
            // Token ids without their weight are a missing weight, not nothing.
            int layer = Integer.parseInt(part.group(1));
            if (!heads.containsKey(layer)) heads.put(layer, head(checkpoint, layer, norm, transformer, load));
        }
        if (heads.isEmpty()) {
            throw new BadFileException(checkpoint.source(), "expected tensors head.LAYER.weight, found none");
        }
        return new ExitHeads(transformer, heads);
    }

    private static boolean normed(Checkpoint checkpoint) {
        return switch (checkpoint.metadata().getOrDefault("apply_final_norm", "")) {
            case "true" -> true;
            case "false" -> false;
            case String other ->
                throw new BadFileException(
                        checkpoint.source(),
                        "metadata apply_final_norm",
                        "expected true or false, found \"" + other + "\"");
        };
    }

    private static ExitHead head(
            Checkpoint checkpoint, int layer, boolean norm, Transformer transformer, Function<Matrix, Weight> load) {
        String key = "tensor head." + layer;
        int layers = transformer.config().layers();
        if (layer < 1 || layer >= layers) {
            throw new BadFileException(
                    checkpoint.source(), key, "expected a layer from 1 to " + (layers - 1) + " of this model");
        }
        Matrix weight = checkpoint.matrix(
                "head." + layer + ".weight", -1, transformer.config().width());
        int rows = weight.rows();
        if (rows == 0)
            throw new BadFileException(checkpoint.source(), key + ".weight", "expected 1 row or more, found 0");
        int[] tokens = tokens(checkpoint, layer, rows, transformer.config().vocabulary());
        return new ExitHead(
                layer,
                load.apply(weight),
                tokens,
                norm ? transformer.finalNorm() : null,
                transformer.config().normEpsilon());
    }

    /** The row to token map of a restricted head; null for a head that covers the vocabulary. */
    private static int[] tokens(Checkpoint checkpoint, int layer, int rows, int vocabulary) {
        String name = "head." + layer + ".tokens";
        if (!checkpoint.has(name)) {
            if (rows == vocabulary) return null;
            throw new BadFileException(
                    checkpoint.source(),
                    "tensor head." + layer + ".weight",
                    "expected " + vocabulary + " rows, or " + name + " beside it, found " + rows + " rows");
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
                    checkpoint.source(), "tensor " + name, "expected ids below " + vocabulary + ", found larger ones");
        }
        BitSet seen = new BitSet();
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw new BadFileException(
                        checkpoint.source(), "tensor " + name, "token id " + token + " outside of the vocabulary");
            }
            if (seen.get(token)) {
                throw new BadFileException(checkpoint.source(), "tensor " + name, "token id " + token + " twice");
            }
            seen.set(token);
        }
        return tokens;
    }

    /** The layers below L that have a head. */
    public SortedSet<Integer> layers() {
        return Collections.unmodifiableSortedSet(new TreeMap<>(heads.headMap(layers)).navigableKeySet());
    }

    /**
     * The head of a layer; that of L is the model's own.
     *
     * @throws IllegalArgumentException if the layer has none
     */
    public ExitHead at(int layer) {
        ExitHead head = heads.get(layer);
        if (head == null) throw new IllegalArgumentException("no exit head for layer " + layer);
        return head;
    }
}
