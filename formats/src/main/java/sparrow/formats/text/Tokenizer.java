package sparrow.formats.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import sparrow.formats.weights.Gguf;

/**
 * Converts text to token ids and back with byte-pair encoding and added tokens. Two forms are supported, which split
 * and normalise text differently and order merges differently: {@linkplain #open tiktoken's form} orders merges by
 * token ranks (GLM-4), and the {@linkplain #openByteLevel byte-level form} has a list of merges (Qwen2). Text is not
 * lower-cased, and no prefix is added. Instances are thread-safe.
 */
public final class Tokenizer {
    private final Vocabulary vocabulary;
    private final Map<Integer, String> added;
    private final AddedTokens addedTokens;
    private final Splitting splitting;
    private final BytePairs bytePairs;

    /**
     * Creates a tokenizer.
     *
     * @param added added tokens by id
     */
    Tokenizer(Vocabulary vocabulary, Map<Integer, String> added, Splitting splitting, BytePairs bytePairs) {
        this.vocabulary = vocabulary;
        this.added = added;
        this.splitting = splitting;
        this.bytePairs = bytePairs;
        addedTokens = new AddedTokens(added);
    }

    /**
     * Reads the tiktoken form: {@code tokenizer.model} and {@code tokenizer_config.json}.
     *
     * @param folder checkpoint folder
     * @param unlisted added tokens that the configuration may lack
     * @throws sparrow.formats.BadFileException if a file is missing or invalid; the message contains the line or key
     * @throws IOException if a file cannot be read
     */
    public static Tokenizer open(Path folder, UnlistedTokens unlisted) throws IOException {
        Vocabulary vocabulary = TiktokenFiles.ranks(folder.resolve("tokenizer.model"));
        Map<Integer, String> added = TiktokenFiles.added(folder.resolve("tokenizer_config.json"), vocabulary);
        Set<String> listed = new HashSet<>(added.values());
        unlisted.missing(vocabulary.size(), listed).forEach((id, content) -> {
            boolean free = !vocabulary.contains(id) && !listed.contains(content);
            if (free) added.putIfAbsent(id, content);
        });
        return new Tokenizer(vocabulary, added, Splitting.GLM4, new TokenRanks(vocabulary));
    }

    /**
     * Reads the byte-level form of the Qwen2 and Llama 3 families: {@code tokenizer.json} if it exists, otherwise
     * Qwen2's {@code vocab.json}, {@code merges.txt} and {@code added_tokens.json} (transformers'
     * {@code Qwen2Tokenizer}). Qwen2 normalises text between added tokens to Unicode's composed form (NFC), so ids
     * decode to the normalised text.
     *
     * @param folder checkpoint folder
     * @throws sparrow.formats.BadFileException if a file is missing or invalid, or requires unsupported options; the
     *     message contains the line or key
     * @throws IOException if a file cannot be read
     */
    public static Tokenizer openByteLevel(Path folder) throws IOException {
        Path json = folder.resolve("tokenizer.json");
        return Files.exists(json) ? TokenizerJson.read(json) : ByteLevelFiles.read(folder);
    }

    /**
     * Reads the tokenizer of a GGUF file, which must be byte-level and of llama.cpp's type {@code lfm2}.
     *
     * @throws sparrow.formats.BadFileException if a key is missing or invalid, or describes a different type
     */
    public static Tokenizer of(Gguf gguf) {
        return GgufVocabulary.read(gguf);
    }

    /**
     * Returns the ids of text. Added tokens are recognised everywhere; the longest of several leftmost matches is
     * selected.
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

    /** Returns the ids of text without recognising added tokens, so that a user cannot type control tokens. */
    public int[] encodeText(String text) {
        IntStream.Builder ids = IntStream.builder();
        encodeRun(text, 0, text.length(), ids);
        return ids.build().toArray();
    }

    private void encodeRun(String text, int from, int to, IntStream.Builder ids) {
        splitting.split(
                text.substring(from, to), piece -> bytePairs.encode(piece.getBytes(StandardCharsets.UTF_8), ids));
    }

    /**
     * Returns the text of ids, including the content of added tokens. Ids without a token (vocabulary padding) have no
     * text. Each maximal ill-formed sequence of bytes is replaced by one U+FFFD.
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

    /** Returns the text of ids without added tokens. The result equals the concatenated output of {@link #stream}. */
    String decodeText(int... ids) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int id : ids) text.writeBytes(textBytes(id));
        return Utf8Stream.decode(text.toByteArray());
    }

    /** Returns an incremental decoder that ignores added tokens. */
    public TextStream stream() {
        return new TextStream(this, TextStream.Added.SILENT);
    }

    /** Returns an incremental decoder that includes the content of added tokens, like {@link #decode(int...)}. */
    public TextStream streamWritten() {
        return new TextStream(this, TextStream.Added.WRITTEN);
    }

    /** Returns the id of an added token such as {@code <|user|>}, or empty if it does not exist. */
    public OptionalInt id(String addedToken) {
        Integer id = addedTokens.id(addedToken);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Returns whether an id is an added token. Added tokens are special, reserved and audio tokens, but not text. */
    public boolean isAdded(int id) {
        return added.containsKey(id);
    }

    /** Returns the number of byte-pair tokens. */
    public int textTokens() {
        return vocabulary.size();
    }

    /**
     * Returns the UTF-8 bytes of a byte-pair token, or an empty array for other ids. The bytes may be part of a
     * character.
     */
    public byte[] textBytes(int id) {
        return vocabulary.bytes(id);
    }

    /** Two tokens that merge. */
    public record Merge(byte[] left, byte[] right) {}

    /**
     * Returns the byte-pair encoding as a list of merges, in the order in which they apply. If the tokenizer uses
     * ranks, tokens that do not result from merging two other tokens are omitted.
     */
    public List<Merge> merges() {
        return bytePairs.merges();
    }
}
