package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.server.reply.Ids;
import sparrow.server.reply.Wishes;

/** Puts together how a response is to be made: what the session has, and what this one has otherwise. */
final class ResponseMaker {
    private final Interlocutor model;
    private final History history;
    private final ItemMaker items;
    private final Ids ids;
    private final String conversationId;

    ResponseMaker(Interlocutor model, History history, ItemMaker items, Ids ids, String conversationId) {
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
    ResponseSetup make(ResponseFields wishes, SessionConfig config, Optional<String> clientEvent, long since) {
        SessionFields.Output output = wishes.output();
        String voice = output.voice() == null ? config.voice() : output.voice();
        model.requireVoice(voice, "response.audio.output.voice");
        OptionalInt most = SessionFields.maxOutputTokens(wishes.maxOutputTokens(), config.maxOutputTokens());
        Wishes exits = config.wishes().withExits(wishes.sparrow(), "response.sparrow");
        Wishes all = new Wishes(exits.temperature(), exits.topP(), exits.seed(), most, exits.exit());
        return new ResponseSetup(
                ids.next("resp_"),
                clientEvent,
                wishes.isAside() ? Optional.empty() : Optional.of(conversationId),
                Optional.ofNullable(wishes.instructions())
                        .or(config::instruction)
                        .filter(text -> !text.isBlank()),
                Optional.ofNullable(wishes.input()).map(input -> items(input, config)),
                SessionFields.modality(wishes.outputModalities(), config.modality()),
                most,
                SessionFields.Format.chosen(output.format(), config.outputFormat()),
                voice,
                wishes.metadata(),
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
