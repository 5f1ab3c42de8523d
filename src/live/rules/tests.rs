//! The rules of play detection, each as a short story.
