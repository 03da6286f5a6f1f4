package sparrow.engine.interleave;

/** A reply that is followed id by id. */
final class FollowedReply {
    private InterleaveTracker place;

    FollowedReply(InterleaveFormat format, TokenSpace tokens, int asked) {
        place = format.newTracker(tokens, asked);
    }

    Modality modality() {
        return place.modality();
    }

    int chunkPosition() {
        return place.chunkPosition();
    }

    int speechTail() {
        return place.speechTail();
    }

    void accept(int id) {
        place = place.accept(new Unit.Token(id));
    }
}
