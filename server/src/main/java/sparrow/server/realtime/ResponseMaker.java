package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.server.realtime.ResponseWishes.Input;
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
    ResponseSetup make(ResponseWishes wishes, SessionConfig config, Optional<String> clientEvent, long since) {
        wishes.voice().ifPresent(voice -> model.requireVoice(voice, "response.audio.output.voice"));
        OptionalInt most = wishes.maxOutputTokens().orElse(config.maxOutputTokens());
        Wishes exits = wishes.sparrow().over(config.wishes());
        Wishes all = new Wishes(exits.temperature(), exits.topP(), exits.seed(), most, exits.exit());
        return new ResponseSetup(
                ids.next("resp_"),
                clientEvent,
                wishes.aside() ? Optional.empty() : Optional.of(conversationId),
                wishes.instructions().or(config::instruction).filter(text -> !text.isBlank()),
                wishes.input().map(input -> items(input, config)),
                wishes.modality().orElse(config.modality()),
                most,
                wishes.outputFormat().orElse(config.outputFormat()),
                wishes.voice().orElse(config.voice()),
                wishes.metadata(),
                config.truncation(),
                model.config(all),
                since);
    }

    private List<Item> items(List<Input> input, SessionConfig config) {
        List<Item> all = new ArrayList<>();
        for (Input one : input) {
            all.add(
                    switch (one) {
                        case ResponseWishes.Reference(String id, String param) -> history.require(id, param);
                        case ResponseWishes.Own(ItemDraft draft) -> items.make(draft, config.inputFormat());
                    });
        }
        return all;
    }
}
