package sparrow.server.realtime;

/** Keeps a conversation within its bound of items where no client asks before: turns that are said, and replies. */
final class ItemRoom {
    private final History history;
    private final KeptAudio kept;
    private final Client client;

    ItemRoom(History history, KeptAudio kept, Client client) {
        this.history = history;
        this.kept = kept;
        this.client = client;
    }

    /** @throws sparrow.server.reply.RefusedException if there are too many items, and none may be dropped for another */
    void require(Truncation truncation) {
        if (truncation instanceof Truncation.Disabled) history.requireRoom();
    }

    /** Drops the oldest item if there is no room for one more, of which the client hears; not if none may be dropped. */
    void make(Truncation truncation) {
        if (truncation instanceof Truncation.Disabled) return;
        history.excess().ifPresent(id -> {
            history.remove(id);
            kept.remove(id);
            client.send(new ServerEvent.ItemDeleted(id));
        });
    }
}
