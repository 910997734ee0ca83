package pgha.dcs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import pgha.dcs.model.ClusterView;

/** Remembers everything it was told. Thread-safe. */
public final class RecordingListener implements Dcs.Listener {
    private final List<ClusterView> views = new CopyOnWriteArrayList<>();
    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    @Override
    public void viewChanged(ClusterView view) {
        views.add(view);
    }

    @Override
    public void linkLost(String cause) {
        losses.add(cause);
    }

    @Override
    public void warned(String sentence) {
        warnings.add(sentence);
    }

    public List<ClusterView> views() {
        return views;
    }

    /** The last view; an empty one before the first. */
    public ClusterView latest() {
        List<ClusterView> all = List.copyOf(views);
        return all.isEmpty() ? ClusterView.EMPTY : all.getLast();
    }

    public List<String> losses() {
        return losses;
    }

    public List<String> warnings() {
        return warnings;
    }
}
