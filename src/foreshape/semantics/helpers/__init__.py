"""Rules of libraries around the numeric ones: plots, progress bars, images, sound. Each module is loaded on its own."""
