package sparrow.models.family;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sparrow.formats.text.TextStream;

/** Detects the tool calls in the text tokens of one reply. Only complete calls are returned. Not thread-safe. */
public final class ToolCallReader {
    /** Maximum number of characters in a call. */
    static final int MAX_CHARACTERS = 1 << 15;

    /** Maximum number of calls in a reply. */
    static final int MAX_CALLS = 128;

    private final Optional<ToolFormat> format;
    private final Set<String> names;
    private final Supplier<TextStream> texts;
    private final StringBuilder body = new StringBuilder();
    private TextStream stream;
    private int begun;
    private boolean open;

    /**
     * Creates a reader for one reply.
     *
     * @param format the format of the model's calls, or empty if the reply cannot contain calls
     * @param tools the tools that the model may call
     * @param texts a factory of decoders that convert tokens to text
     */
    public ToolCallReader(Optional<ToolFormat> format, List<Tool> tools, Supplier<TextStream> texts) {
        this.format = format.filter(_ -> !tools.isEmpty());
        this.names = tools.stream().map(Tool::name).collect(Collectors.toUnmodifiableSet());
        this.texts = texts;
    }

    /** Returns whether a call has begun. After the first call, the reply contains no more text to show. */
    public boolean isCalling() {
        return begun > 0;
    }

    /** Returns whether a call has begun and not ended yet. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Accepts the next text token.
     *
     * @return the call that ends with this token, or empty if no call ends with it
     * @throws BadToolCallException if a call is malformed, is too long, or names a tool that was not offered
     */
    public Optional<ToolCall> accept(int id) {
        return format.flatMap(calls -> accept(id, calls));
    }

    private Optional<ToolCall> accept(int id, ToolFormat calls) {
        if (!open) {
            if (id == calls.begin()) begin();
            return Optional.empty();
        }
        body.append(id == calls.end() ? stream.finish() : stream.accept(id));
        if (body.length() > MAX_CHARACTERS) {
            throw new BadToolCallException("expected at most " + MAX_CHARACTERS + " characters, found no end");
        }
        return id == calls.end() ? Optional.of(end(calls)) : Optional.empty();
    }

    private void begin() {
        if (++begun > MAX_CALLS) throw new BadToolCallException("expected at most " + MAX_CALLS + " in a reply");
        open = true;
        body.setLength(0);
        stream = texts.get();
    }

    private ToolCall end(ToolFormat calls) {
        open = false;
        ToolCall call;
        try {
            call = calls.parse(body.toString());
        } catch (IllegalArgumentException e) {
            throw new BadToolCallException(e.getMessage());
        }
        if (names.contains(call.name())) return call;
        throw new BadToolCallException("expected one of the offered tools, found another name");
    }
}
