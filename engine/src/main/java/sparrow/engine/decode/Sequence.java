package sparrow.engine.decode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Span;
import sparrow.engine.transformer.Transformer;

/**
 * A list of tokens with their keys and values, and the pending positions ({@link Position#isPending}). A sequence can
 * be used for many replies: the next turn's prompt is appended, possibly after the list was truncated
 * ({@link #truncate}). For a new token list, only the tokens after the prefix that it shares with this list must be
 * prefilled ({@link Request#onCommonPrefix}). The result is exact with {@link sparrow.engine.exit.SkippedKv#FILL}; keys
 * and values that were copied or omitted remain approximate.
 *
 * <p>{@link #pendingBelow} returns the positions that have not passed through a layer. Running them in the next pass
 * fills the missing keys and values of early exits (SPAR-K, section 4.2.3). For example, if a position exits at layer
 * 36 and an earlier position exited at layer 30, only the later position runs layers 1 to 30, but both run layers 31 to
 * 36. A later position is therefore never deeper than an earlier one.
 *
 * <p>Instances must be used by one thread and for one reply at a time.
 */
public final class Sequence {
    private final Transformer transformer;
    private final KvCache cache;
    private final TokenList tokens;

    /** Pending positions in order, possibly preceded by positions that have recently passed through all layers. */
    private final Deque<Position> pending = new ArrayDeque<>();

    /** Reusable states of finished positions. */
    private final Deque<HiddenState> spare = new ArrayDeque<>();

    /** Scratch memory for one embedding. */
    private final float[] embedding;

    private Position newest;
    private int length;
    private boolean replying;

    /** Creates an empty sequence for a model. */
    public Sequence(LanguageModel model) {
        this(model.transformer());
    }

    /** Creates an empty sequence for a transformer. */
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

    /** Returns an independent copy, including tokens, keys and values, and pending positions. */
    public Sequence fork() {
        requireIdle();
        Sequence fork = new Sequence(transformer, cache.copy(), tokens.copy());
        for (Position position : pending) {
            fork.newest = position.copy(fork.cache);
            fork.pending.add(fork.newest);
        }
        // Also copy a newest position that is not pending, because its state may still be read.
        if (pending.isEmpty() && newest != null) fork.newest = newest.copy(fork.cache);
        fork.length = length;
        return fork;
    }

    /** Returns the number of positions, which equals the number of tokens fed to the model. */
    public int length() {
        return length;
    }

    /**
     * Returns a copy of the token list. If the last token is the last unit of a reply, it has no position yet and is
     * fed before the next token.
     */
    public int[] tokens() {
        return tokens.toArray();
    }

    /** Returns the number of tokens in the list, including a token without a position. */
    int listLength() {
        return tokens.length();
    }

    /** Returns the keys and values of the sequence. */
    public KvCache cache() {
        return cache;
    }

    /** Returns the number of pending positions. */
    public int pending() {
        return (int) pending.stream().filter(Position::isPending).count();
    }

    /** Returns the number of free positions in the context. */
    public int room() {
        return Math.max(0, transformer.config().contextLength() - tokens.length());
    }

    /**
     * Appends a token as the next position.
     *
     * @throws IllegalArgumentException if the id is outside the vocabulary
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
     * Appends an input as the next position.
     *
     * @throws IllegalArgumentException if its token id is outside the vocabulary
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

    /**
     * Appends the prompt token at index {@code place} with its embedding or the hidden state that replaces its
     * embedding.
     */
    public void append(int[] prompt, List<PromptEmbeddings> embeddings, int place) {
        int width = transformer.config().width();
        PromptEmbeddings.covering(embeddings, place, width)
                .ifPresentOrElse(
                        states -> append(new Input.Vector(prompt[place], states.values(), states.offset(place, width))),
                        () -> append(prompt[place]));
    }

    /** Adds the last unit of a reply to the list without a position. */
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
        int max = transformer.config().contextLength();
        if (length >= max) throw new IllegalStateException("the context of " + max + " positions is full");
    }

    /** Returns memory for the next position's state. The state of the previous newest position becomes reusable. */
    private HiddenState memory() {
        dropFinished();
        if (newest != null && !newest.isPending()) spare.push(newest.state());
        newest = null;
        HiddenState used = spare.poll();
        return used == null ? transformer.state(new float[embedding.length]) : used;
    }

    /** Removes leading positions that are not pending. Earlier positions are at least as deep as later positions. */
    private void dropFinished() {
        while (!pending.isEmpty() && !pending.peek().isPending()) {
            Position done = pending.poll();
            if (done != newest) spare.push(done.state());
        }
    }

    /**
     * Returns the newest position's residual stream after the last layer that it has passed through. The result is
     * valid until the next position is appended.
     *
     * @throws IllegalStateException if no position has been appended since the sequence was created or shortened
     */
    public HiddenState newest() {
        if (newest == null)
            throw new IllegalStateException("the sequence has no newest position: it is empty or was shortened");
        return newest.state();
    }

    /**
     * Returns the residual streams of the newest positions in order. Only the states of positions that were pending
     * before the last pass are available.
     *
     * @param count number of positions, at least 1
     */
    public List<HiddenState> newestStates(int count) {
        if (count == 1) return List.of(newest());
        return pending.stream()
                .filter(position -> position.index() >= length - count)
                .map(Position::state)
                .toList();
    }

    /**
     * Returns the positions that have not passed through {@code layer}, in order, for {@link Transformer#forward}. The
     * cache rejects a pass that lacks an earlier position ({@link KvCache}).
     */
    public List<Position> pendingBelow(int layer) {
        List<Position> below = new ArrayList<>();
        for (Position position : pending) if (position.depth() < layer) below.add(position);
        return below;
    }

    /** Runs every pending position through all layers. Afterwards, only the newest position's state may be read. */
    public void runPending() {
        transformer.prefill(pendingBelow(transformer.config().layers()));
    }

    /**
     * Removes the last tokens of an idle sequence, as if they had never been appended.
     *
     * @param position number of tokens to retain
     * @throws IllegalArgumentException if the sequence has fewer tokens
     * @throws IllegalStateException if a reply is being decoded
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

    /**
     * Removes the last positions of a reply that has not ended. These positions belong to units that are not committed.
     */
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
     * Removes all tokens outside the given spans and closes the gaps. Pending positions are run first. The retained
     * keys and values were computed while the removed tokens were visible, so the result is approximate;
     * {@link #truncate} followed by a prefill is exact.
     *
     * @param kept ascending spans of tokens to retain; if these are the first tokens, this method is equivalent to
     *     {@link #truncate}
     * @throws IllegalArgumentException if the spans are not within the sequence
     * @throws IllegalStateException if a reply is being decoded, or if positions were omitted
     *     ({@link sparrow.engine.exit.SkippedKv#OMIT})
     */
    public void retain(List<Span> kept) {
        requireIdle();
        Span.check(kept, tokens.length());
        truncate(kept.isEmpty() ? 0 : kept.getLast().end());
        if (leading(kept) == tokens.length()) return;
        runPending();
        // A last token without a position is fed later, at its new index.
        List<Span> fed = Span.within(kept, length);
        cache.retain(fed);
        dropFinished();
        if (newest != null) spare.push(newest.state());
        newest = null;
        tokens.retain(kept);
        length = Span.length(fed);
    }

    /** Returns the number of retained tokens before the first gap. */
    private static int leading(List<Span> kept) {
        int end = 0;
        for (Span span : kept) {
            if (span.first() != end) break;
            end = span.end();
        }
        return end;
    }

    /** Returns the number of leading positions with the same tokens and vectors as in another token list. */
    public int commonPrefix(int[] others, List<PromptEmbeddings> embeddings) {
        return Math.min(length, tokens.commonPrefix(others, embeddings));
    }

    /** Returns the ids in the list, including prompts, for the repetition penalty. */
    BitSet ids() {
        return tokens.ids();
    }

    /** Returns the number of channels per position. */
    int width() {
        return transformer.config().width();
    }

    /**
     * Starts a reply.
     *
     * @throws IllegalArgumentException if the sequence belongs to a different transformer
     * @throws IllegalStateException if the previous reply has not ended
     */
    void beginReply(Transformer of) {
        if (of != transformer)
            throw new IllegalArgumentException("sequence: expected one of this model, got one of another model");
        requireIdle();
        replying = true;
    }

    void endReply() {
        replying = false;
    }

    private void requireIdle() {
        if (replying) throw new IllegalStateException("the last reply of the sequence has not ended");
    }
}
