package sparrow.models.lfm3;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.ChatMl;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.PromptWriter;

/**
 * Builds prompts for conversations and other tasks, which are selected by the sentence in the system turn. A marker at
 * the end sets the reply's mode.
 *
 * @param chat the writer of the turns
 * @param tokens the special token ids
 */
public record Lfm3Prompts(ChatMl chat, Lfm3Tokens tokens) {
    /** The system turn of a conversation. */
    public static final String INTERLEAVED = "Respond with interleaved text and audio.";

    private static final String TRANSCRIBE = "Perform ASR.";

    /**
     * Creates the builders for a model.
     *
     * @param width number of channels of an embedding
     */
    static Lfm3Prompts of(Tokenizer tokenizer, Lfm3Tokens tokens, int width) {
        ChatMl chat =
                new ChatMl(tokenizer, tokens.start(), tokens.turnStart(), tokens.turnEnd(), tokens.start(), width);
        return new Lfm3Prompts(chat, tokens);
    }

    /**
     * Returns the builders for a conversation. The marker forces speech, so it is omitted if tools are offered, because
     * the reply may then be a tool call.
     */
    ChatMl.Conversation conversation() {
        return new ChatMl.Conversation(chat, INTERLEAVED, Optional.of(Lfm3Tools::listing), tokens.mixedStart());
    }

    /** Returns the prompt for tool outputs, each in a turn with the role {@code tool}. */
    PromptTokens outputs(List<String> outputs) {
        BiConsumer<PromptWriter, List<String>> content = (prompt, texts) -> {
            prompt.text(texts.getFirst());
            for (String text : texts.subList(1, texts.size())) {
                chat.turn(chat.end(prompt), "tool").text(text);
            }
        };
        return chat.later("tool", content, outputs);
    }

    /** Returns the builder for recordings to transcribe. */
    PromptBuilder<List<float[]>> transcribed() {
        return chat.single(TRANSCRIBE, chat::pieces);
    }

    /**
     * Returns the builder for text to read aloud.
     *
     * @param language English name of the language
     * @param voice {@code female} or {@code male}
     */
    PromptBuilder<String> readAloud(String language, String voice) {
        String sentence = "Perform TTS in " + language + " using a " + voice + " voice.";
        return chat.single(sentence, PromptWriter::text, tokens.audioStart());
    }
}
