package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.server.reply.Ids;
import sparrow.server.reply.RequestOverrides;

/** Puts together how a response is to be made: what the session has, and what this one has otherwise. */
final class ResponseMaker {
    private final ConversationBackend model;
    private final History history;
    private final ItemMaker items;
    private final Ids ids;
    private final String conversationId;

    ResponseMaker(ConversationBackend model, History history, ItemMaker items, Ids ids, String conversationId) {
        this.model = model;
        this.history = history;
        this.items = items;
        this.ids = ids;
        this.conversationId = conversationId;
    }

    /**
     * @param clientEvent the event that asks for it
     * @param since when the client began to wait
     * @throws sparrow.server.reply.RefusedException if it cannot be made
     */
    ResponseSetup make(ResponseFields overrides, SessionConfig config, Optional<String> clientEvent, long since) {
        SessionFields.Output output = overrides.output();
        String voice = output.voice() == null ? config.voice() : output.voice();
        model.requireVoice(voice, "response.audio.output.voice");
        OptionalInt most = SessionFields.maxOutputTokens(overrides.maxOutputTokens(), config.maxOutputTokens());
        RequestOverrides exits = config.overrides().withExits(overrides.sparrow(), "response.sparrow");
        RequestOverrides all =
                new RequestOverrides(exits.temperature(), exits.topP(), exits.seed(), most, exits.exit());
        return new ResponseSetup(
                ids.next("resp_"),
                clientEvent,
                overrides.isAside() ? Optional.empty() : Optional.of(conversationId),
                Optional.ofNullable(overrides.instructions())
                        .or(config::instruction)
                        .filter(text -> !text.isBlank()),
                config.tools()
                        .merge(overrides.tools(), overrides.toolChoice())
                        .ofRealtime(model.facts().callsTools(), "response"),
                Optional.ofNullable(overrides.input()).map(input -> items(input, config)),
                SessionFields.modality(overrides.outputModalities(), config.modality()),
                most,
                SessionFields.Format.chosen(output.format(), config.outputFormat()),
                voice,
                overrides.metadata(),
                config.truncation(),
                model.config(all),
                since);
    }

    private List<Item> items(List<ItemDraft> input, SessionConfig config) {
        List<Item> all = new ArrayList<>();
        for (ItemDraft one : input) {
            String param = "response.input[" + all.size() + "]";
            all.add(
                    one.isReference()
                            ? history.require(one.id(), param + ".id")
                            : items.make(one, param, config.inputFormat()));
        }
        return all;
    }
}
