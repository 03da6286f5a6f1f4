package sparrow.engine.decode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Span;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.head.Input;

/**
 * A list of tokens as the model sees it: one position for each, their keys and values, and which of them are still pending
 * ({@link Position#isPending}). It outlives a reply: the next turn's prompt is appended behind it, or the list is cut
 * ({@link #truncate}) and goes on from there. So the KV cache is a cache of a token list, and the next list costs
 * no more than the tokens behind the prefix that it shares with this one ({@link Request#onCommonPrefix}). That is exact for
 * {@link sparrow.engine.exit.SkippedKv#FILL}; what was copied or omitted stays so in the prefix.
 *
 * <p>{@link #pendingBelow} takes along every position that stands below a layer: that is SPAR-K's fill of missing keys and values
 * (section 4.2.3), and it is also what keeps an exit at layer 36 exact when an earlier position had left at layer 30. A later
 * position is never deeper than an earlier one.
 *
 * <p>For one thread at a time, and for one reply.
 */
public final class Sequence {
    private final Transformer transformer;
    private final KvCache cache;
    private final TokenList tokens;

    /** The positions that are not through all layers, and perhaps some that have just got there. */
    private final Deque<Position> pending = new ArrayDeque<>();

    /** Memory of positions that are through all layers, for those to come. */
    private final Deque<HiddenState> spare = new ArrayDeque<>();

    /** The embedding of a token on its way. */
    private final float[] embedding;

    private Position newest;
    private int length;
    private boolean replying;

    /** An empty sequence of a model. */
    public Sequence(LanguageModel model) {
        this(model.transformer());
    }

    /** An empty sequence of a transformer. */
    public Sequence(Transformer transformer) {
        this(
                transformer,
                transformer.newCache(),
                new TokenList(transformer.config().width()));
    }

    private Sequence(Transformer transformer, KvCache cache, TokenList tokens) {
        this.transformer = transformer;
        this.cache = cache;
        this.tokens = tokens;
        this.embedding = new float[transformer.config().width()];
    }

    /** A sequence that goes on from here on its own: keys, values and pending positions are copied, to the bit. */
    public Sequence fork() {
        requireIdle();
        Sequence fork = new Sequence(transformer, cache.copy(), tokens.copy());
        for (Position position : pending) {
            fork.newest = position.copy(fork.cache);
            fork.pending.add(fork.newest);
        }
        // The newest of all may be through all layers, and still be asked for its state.
        if (pending.isEmpty() && newest != null) fork.newest = newest.copy(fork.cache);
        fork.length = length;
        return fork;
    }

    /** Positions: the tokens that the model has been fed. */
    public int length() {
        return length;
    }

    /**
     * The token list, a copy. Its last token may be one that a reply decided before it was cut off, which has no position
     * yet: what is appended next comes behind it.
     */
    public int[] tokens() {
        return tokens.toArray();
    }

    /** Tokens of the list, including one that has no position yet. */
    int listLength() {
        return tokens.length();
    }

    /** The keys and values. */
    public KvCache cache() {
        return cache;
    }

    /** Positions that are still pending. */
    public int pending() {
        return (int) pending.stream().filter(Position::isPending).count();
    }

    /** Free positions of the context. */
    public int room() {
        return Math.max(0, transformer.config().contextLength() - tokens.length());
    }

    /**
     * Appends a token as the next position.
     *
     * @throws IllegalArgumentException if the id is outside of the vocabulary
     * @throws IllegalStateException if the context is full
     */
    public void append(int token) {
        transformer.checkToken(token);
        feedUnfed();
        requireRoom();
        HiddenState state = state(new Input.Token(token));
        tokens.add(token);
        add(state);
    }

    /**
     * Appends the next position.
     *
     * @throws IllegalArgumentException if the id of its token is outside of the vocabulary
     * @throws IllegalStateException if the context is full
     */
    public void append(Input input) {
        switch (input) {
            case Input.Token(int token) -> append(token);
            case Input.Vector vector -> append(vector);
        }
    }

    private void append(Input.Vector vector) {
        transformer.checkToken(vector.token());
        feedUnfed();
        requireRoom();
        tokens.add(vector);
        add(state(vector));
    }

    /** Appends a prompt's token at a place, or what stands there instead of its embedding. */
    public void append(int[] prompt, List<PromptEmbeddings> embeddings, int place) {
        int width = transformer.config().width();
        PromptEmbeddings.covering(embeddings, place, width)
                .ifPresentOrElse(
                        states -> append(new Input.Vector(prompt[place], states.values(), states.offset(place, width))),
                        () -> append(prompt[place]));
    }

    /** Remembers the last unit of a reply: it was decided but not fed, and belongs to the list. */
    void addUnfed(Input input) {
        tokens.add(input);
    }

    private void feedUnfed() {
        if (tokens.length() > length) add(state(tokens.input(length)));
    }

    private HiddenState state(Input input) {
        HiddenState state = memory();
        switch (input) {
            case Input.Token(int token) -> {
                transformer.embed(token, embedding);
                state.write(embedding, 0);
            }
            case Input.Vector(int token, float[] values, int offset) -> state.write(values, offset);
        }
        return state;
    }

    private void add(HiddenState state) {
        newest = new Position(cache, length++, state);
        pending.add(newest);
    }

    private void requireRoom() {
        int most = transformer.config().contextLength();
        if (length >= most) throw new IllegalStateException("the context of " + most + " positions is full");
    }

    /** A finished position's memory is free only when the next one comes: its state was there to be asked for. */
    private HiddenState memory() {
        dropFinished();
        if (newest != null && !newest.isPending()) spare.push(newest.state());
        newest = null;
        HiddenState used = spare.poll();
        return used == null ? transformer.state(new float[embedding.length]) : used;
    }

    /** The oldest are the deepest. */
    private void dropFinished() {
        while (!pending.isEmpty() && !pending.peek().isPending()) {
            Position done = pending.poll();
            if (done != newest) spare.push(done.state());
        }
    }

    /**
     * The residual stream of the newest position: after the layer that its last pass ended with. Valid until
     * the next position is appended.
     *
     * @throws IllegalStateException if no position was appended since the sequence was made or cut
     */
    public HiddenState newest() {
        if (newest == null)
            throw new IllegalStateException("the sequence has no newest position: it is empty or was cut");
        return newest.state();
    }

    /**
     * Those of the newest positions, in their order: all that were pending before the last pass, or fewer.
     *
     * @param count how many, at least one
     */
    public List<HiddenState> newest(int count) {
        if (count == 1) return List.of(newest());
        return pending.stream()
                .filter(position -> position.index() >= length - count)
                .map(Position::state)
                .toList();
    }

    /** The positions that have not been through {@code layer}, in their order: what {@link Transformer#forward} carries. */
    public List<Position> pendingBelow(int layer) {
        List<Position> below = new ArrayList<>();
        for (Position position : pending) if (position.depth() < layer) below.add(position);
        return below;
    }

    /** Carries every position through all layers, in one pass. */
    public void runPending() {
        int layers = transformer.config().layers();
        transformer.forward(pendingBelow(layers), layers);
    }

    /**
     * Cuts the token list: what is left is as if the rest had never been there.
     *
     * @param position tokens that stay, from 0 to all of them
     * @throws IllegalArgumentException if there are not so many
     * @throws IllegalStateException while a reply is decoded
     */
    public void truncate(int position) {
        requireIdle();
        if (position < 0 || position > tokens.length()) {
            throw new IllegalArgumentException(
                    "position: expected 0 to the " + tokens.length() + " tokens of the sequence, got " + position);
        }
        tokens.truncate(position);
        if (position < length) cut(position);
    }

    /** Takes back the last positions of a reply under way: units that it has not committed to. */
    public void rollBack(int position) {
        if (position >= length) return;
        tokens.truncate(position);
        cut(position);
    }

    private void cut(int position) {
        while (!pending.isEmpty() && pending.peekLast().index() >= position) {
            spare.push(pending.pollLast().state());
        }
        newest = pending.peekLast();
        cache.truncate(position);
        length = position;
    }

    /**
     * Forgets all tokens but some, which move together: each takes the place that it would have if the others had never been
     * there, and later tokens go on behind them. Pending positions are carried first. The kept ones were computed
     * while the others were visible, so this is an approximation; {@link #truncate} and a prefill are exact.
     *
     * @param kept tokens that stay, one span behind the other; if they are the first ones, this is {@link #truncate}
     * @throws IllegalArgumentException if they are not among those of the sequence
     * @throws IllegalStateException while a reply is decoded, or where positions were omitted
     *     ({@link sparrow.engine.exit.SkippedKv#OMIT})
     */
    public void retain(List<Span> kept) {
        requireIdle();
        Span.check(kept, tokens.length());
        truncate(kept.isEmpty() ? 0 : kept.getLast().end());
        if (leading(kept) == tokens.length()) return;
        runPending();
        // The last token may be one that was not fed; it is, once it has its new place.
        List<Span> fed = Span.within(kept, length);
        cache.retain(fed, transformer.config().rope());
        dropFinished();
        if (newest != null) spare.push(newest.state());
        newest = null;
        tokens.retain(kept);
        length = Span.length(fed);
    }

    /** Kept tokens in front of the first gap. */
    private static int leading(List<Span> kept) {
        int end = 0;
        for (Span span : kept) {
            if (span.first() != end) break;
            end = span.end();
        }
        return end;
    }

    /** The number of leading positions that another token list has too, vectors in place of embeddings included. */
    public int commonPrefix(int[] others, List<PromptEmbeddings> embeddings) {
        return Math.min(length, tokens.commonPrefix(others, embeddings));
    }

    /** The ids of the list: what a repetition penalty counts, prompts included. */
    BitSet ids() {
        return tokens.ids();
    }

    /** Channels of a position. */
    int width() {
        return transformer.config().width();
    }

    /**
     * Begins a reply; there is one at a time.
     *
     * @throws IllegalArgumentException if the sequence is of another transformer
     */
    void beginReply(Transformer of) {
        if (of != transformer)
            throw new IllegalArgumentException("sequence: expected one of this model, got another's");
        requireIdle();
        replying = true;
    }

    void endReply() {
        replying = false;
    }

    private void requireIdle() {
        if (replying) throw new IllegalStateException("the sequence has a reply under way; expected it to have ended");
    }
}
