package sparrow.engine.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Text to token ids and back: byte-pair encoding in the tiktoken form with added tokens around it, as the GLM-4 family
 * uses it. Nothing is lower-cased, normalised or put in front. Safe for use by several threads.
 */
public final class Tokenizer {
    /** The first alternative that matches wins. Classes are Unicode's, so that NBSP and U+3000 count as white space. */
    private static final Pattern PIECES = Pattern.compile(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
                    + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
                    + "|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+"
                    + "|\\s+(?!\\S)"
                    + "|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private static final byte[] NOTHING = {};

    private final Map<Integer, byte[]> tokens;
    private final Map<Integer, String> added;
    private final BytePairs bytePairs;
    private final AddedTokens addedTokens;

    private Tokenizer(Map<Integer, byte[]> tokens, Map<Integer, String> added) {
        this.tokens = tokens;
        this.added = added;
        bytePairs = new BytePairs(tokens);
        addedTokens = new AddedTokens(added);
    }

    /**
     * Reads {@code tokenizer.model} and {@code tokenizer_config.json}. If the configuration lists no audio tokens and
     * the number of byte-pair tokens is the vocabulary's, the added tokens that are missing are taken from there.
     *
     * @param folder a checkpoint folder
     * @throws sparrow.engine.weights.BadFileException if a file is missing or wrong, naming line or key
     * @throws IOException if a file cannot be read
     */
    public static Tokenizer open(Path folder, VoiceVocabulary fallback) throws IOException {
        Map<Integer, byte[]> tokens = TokenizerFiles.ranks(folder.resolve("tokenizer.model"));
        Map<Integer, String> added = TokenizerFiles.added(folder.resolve("tokenizer_config.json"), tokens.keySet());
        Tokenizer asListed = new Tokenizer(tokens, added);
        boolean complete = asListed.id(VoiceVocabulary.audioToken(0)).isPresent();
        if (complete || tokens.size() != fallback.textTokens()) return asListed;
        fallback.addedTokens().forEach((id, content) -> {
            boolean free = !tokens.containsKey(id) && asListed.id(content).isEmpty();
            if (free) added.putIfAbsent(id, content);
        });
        return new Tokenizer(tokens, added);
    }

    /**
     * The ids of a text. Added tokens are recognised wherever they stand in it, the longest at the leftmost place; a
     * prompt therefore begins with {@link VoiceVocabulary#PROMPT_PREFIX}.
     */
    public int[] encode(String text) {
        IntStream.Builder ids = IntStream.builder();
        int runStart = 0;
        int at = 0;
        while (at < text.length()) {
            String token = addedTokens.longestAt(text, at);
            if (token == null) {
                at++;
                continue;
            }
            encodeRun(text, runStart, at, ids);
            ids.accept(addedTokens.id(token));
            at += token.length();
            runStart = at;
        }
        encodeRun(text, runStart, at, ids);
        return ids.build().toArray();
    }

    /** The ids of a text in which nothing is an added token: what a user typed cannot pose as a control token. */
    public int[] encodeText(String text) {
        IntStream.Builder ids = IntStream.builder();
        encodeRun(text, 0, text.length(), ids);
        return ids.build().toArray();
    }

    private void encodeRun(String text, int from, int to, IntStream.Builder ids) {
        Matcher pieces = PIECES.matcher(text.substring(from, to));
        while (pieces.find()) bytePairs.encode(pieces.group().getBytes(StandardCharsets.UTF_8), ids);
    }

    /**
     * The text of ids, added tokens as they are written, with nothing between. Ids without a token (padding of the
     * vocabulary) say nothing. Malformed UTF-8 becomes U+FFFD, one for each maximal ill-formed part.
     */
    public String decode(int... ids) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        for (int id : ids) {
            String token = added.get(id);
            if (token == null) {
                run.writeBytes(textBytes(id));
            } else {
                text.append(Utf8Stream.decode(run.toByteArray())).append(token);
                run.reset();
            }
        }
        return text.append(Utf8Stream.decode(run.toByteArray())).toString();
    }

    /** The text of ids without added tokens, as if these were not there: what a listener reads. */
    public String decodeText(int... ids) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int id : ids) text.writeBytes(textBytes(id));
        return Utf8Stream.decode(text.toByteArray());
    }

    /** Decodes ids as they come; all pieces together are {@link #decodeText(int...)} of all ids. */
    public TextStream stream() {
        return new TextStream(this);
    }

    /** The id of an added token such as {@code <|user|>}, if there is one. */
    public OptionalInt id(String addedToken) {
        Integer id = addedTokens.id(addedToken);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether the id is an added token: a special, reserved or audio token, no piece of text. */
    public boolean isAdded(int id) {
        return added.containsKey(id);
    }

    /** Number of byte-pair tokens. */
    public int textTokens() {
        return tokens.size();
    }

    /** UTF-8 bytes of a byte-pair token, perhaps part of a character; none for other ids. */
    public byte[] textBytes(int id) {
        return tokens.getOrDefault(id, NOTHING).clone();
    }

    /** Two tokens that become one. */
    public record Merge(byte[] left, byte[] right) {}

    /**
     * Byte-pair encoding as a list of merges, the first to be applied first: the form of tokenizers that do not go by
     * ranks. Tokens that no merge of two others makes are left out.
     */
    public List<Merge> merges() {
        List<Merge> merges = new ArrayList<>();
        for (int rank : new TreeSet<>(tokens.keySet())) {
            int[] parts = bytePairs.lastParts(tokens.get(rank), rank);
            if (parts.length == 2) merges.add(new Merge(tokens.get(parts[0]), tokens.get(parts[1])));
        }
        return merges;
    }
}
